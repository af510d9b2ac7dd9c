import { failure } from '../../errors/failure.ts'
import { withPackageArchives } from '../../lab/index.ts'
import { sh } from '../../shell/sh.ts'
import type { Server, Stack } from '../../stack/stack.ts'
import type { Connection } from '../../transport/transport.ts'
import { reporter } from './lab-servers.ts'
import type { Session } from './session.ts'

/** Where a lab server has its archive of apt. */
const folder = '/var/lib/lab-archive'
const arrived = `${folder}.tar`

/**
 * Gives lab servers what their next plan installs, in an archive of their own: they install from it just as servers do from a
 * mirror.
 */
export const supplierFor =
  (stack: Stack, connect: (server: Server) => Promise<Connection>): NonNullable<Session['supply']> =>
  async (packages, { emit, signal }) => {
    const stop = signal && { signal }
    const wish = { lab: stack.name, packages, onEvent: reporter(emit), ...stop }
    await withPackageArchives(wish, async (archive, names) => {
      const servers = stack.servers.filter(({ name }) => names.includes(name))
      await Promise.all(
        servers.map(async (server) => {
          const connection = await connect(server)
          await connection.upload(archive, arrived, stop)
          const { code, stderr } = await connection.run(unpack.text, stop)
          if (code !== 0)
            throw failure('TRI-LAB-006', {
              what: `${server.name} could not unpack the packages that were sent`,
              why: stderr.trim(),
              state: 'no package was installed',
            })
        }),
      )
    })
  }

/** What it had before is installed by now, or is there again. This computer's apt has verified what it sent. */
const unpack = sh`
  set -e
  rm -rf ${folder} ${`${folder}.new`}
  install -d -m 0755 ${`${folder}.new`}
  tar -xf ${arrived} -C ${`${folder}.new`} --no-same-owner
  rm -f ${arrived}
  mv -T ${`${folder}.new`} ${folder}
  echo ${`deb [trusted=yes] file:${folder} ./`} >/etc/apt/sources.list.d/lab-archive.list
`
