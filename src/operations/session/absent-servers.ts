import { availableParallelism, totalmem } from 'node:os'
import { labContainer } from '../../lab/index.ts'
import type { Observation } from '../../observation/observation.ts'
import type { Server } from '../../stack/stack.ts'

/** Debian's names of what Node runs on. */
const architectures: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' }

/** What a lab server would say that is not booted yet: a fresh Debian 13 of this computer's size. Who only looks boots none. */
export const absentServer = ({ address }: Pick<Server, 'address'>): Observation => ({
  host: {
    os: { id: 'debian', version: '13', name: 'Debian GNU/Linux 13 (trixie)' },
    architecture: architectures[process.arch] ?? process.arch,
    sshPorts: [22],
    container: labContainer,
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    networkInterface: 'host0',
    clockSeconds: Date.now() / 1000,
    diskFreeBytes: 1024 ** 4,
    ports: [],
    clusters: [],
    addresses: [{ interface: 'host0', address, prefixLength: 24 }],
    neighbours: [],
  },
  resources: new Map(),
  manifest: [],
  health: new Map(),
})
