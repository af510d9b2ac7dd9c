import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { failure } from '../errors/failure.ts'
import { bridgeOf, type SubnetNumber, subnetNumbers } from './addresses.ts'
import { linkNames, usedSubnets } from './host-network.ts'
import { withLock } from './lock.ts'
import { labFiles, runFolder } from './paths.ts'
import { listStates, readState, writeState, type LabState } from './state.ts'
import { trimaran } from '../speech/suggested-command.ts'

/** One file per subnet in use, holding the folder of its lab: labs of other folders (`TRIMARAN_LABS`) count too. */
const claims = join(runFolder, 'subnets')

/**
 * Gives a lab its subnet, and writes the lab down, before anything of it is made: what is asked for the same lab later
 * gets the same answer. The first free subnet is taken.
 * @throws TRI-LAB-005 when the name is taken by the lab of another project
 */
export async function reserveSubnet(lab: Pick<LabState, 'name' | 'owner'>): Promise<LabState> {
  return withLock(
    'subnets',
    () => {},
    async () => {
      await mkdir(claims, { recursive: true })
      const claimed = await readClaims()
      const known = await readState(lab.name)
      checkOwner(lab, known, claimed)
      const state = known ?? { ...lab, internet: false, servers: [], subnet: await findFreeSubnet(claimed) }
      await writeFile(join(claims, String(state.subnet)), labFiles(lab.name).folder)
      if (known === undefined) await writeState(state)
      return state
    },
  )
}

/** Gives the subnet back. */
export async function releaseSubnet(subnet: SubnetNumber): Promise<void> {
  await rm(join(claims, String(subnet)), { force: true })
}

function checkOwner(
  lab: Pick<LabState, 'name' | 'owner'>,
  known: LabState | undefined,
  claimed: ReadonlyMap<SubnetNumber, string>,
): void {
  const { folder } = labFiles(lab.name)
  const namesake = [...claimed.values()].find((other) => basename(other) === lab.name && other !== folder)
  const squatter = known === undefined ? undefined : claimed.get(known.subnet)
  if (known !== undefined && known.owner !== lab.owner) throw takenBy(lab.name, known.owner)
  if (namesake !== undefined) throw takenBy(lab.name, namesake)
  if (squatter !== undefined && squatter !== folder) throw takenBy(lab.name, squatter)
}

const takenBy = (lab: string, other: string) =>
  failure('TRI-LAB-005', {
    what: `The lab “${lab}” belongs to another folder`,
    where: other,
    why: 'Two labs of one computer cannot have the same name or the same addresses',
    next: `rename this stack, or remove the other lab with its disks: ${trimaran(`lab down ${lab}`)}`,
  })

async function findFreeSubnet(claimed: ReadonlyMap<SubnetNumber, string>): Promise<SubnetNumber> {
  const used = new Set([...claimed.keys(), ...(await listStates()).map(({ subnet }) => subnet)])
  const links = await linkNames()
  const routed = await usedSubnets()
  const free = subnetNumbers.find(
    (subnet) => !used.has(subnet) && !routed.includes(subnet) && !links.has(bridgeOf(subnet)),
  )
  if (free !== undefined) return free
  throw failure('TRI-LAB-001', {
    what: `This computer already has ${subnetNumbers.length} labs, and room for no more`,
    next: `remove one with its disks: ${trimaran('lab list')} names them, ${trimaran('lab down NAME')} removes it`,
  })
}

/** Which lab's folder has which subnet; claims of labs that are gone do not count. */
async function readClaims(): Promise<ReadonlyMap<SubnetNumber, string>> {
  const entries = (await readdir(claims)).map(
    async (name) => [Number(name), await readFile(join(claims, name), 'utf8')] as const,
  )
  return new Map((await Promise.all(entries)).filter(([, folder]) => existsSync(join(folder, 'state.json'))))
}
