import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createSshTransport } from '../../src/transport/ssh-transport.ts'
import { describeTransport } from '../../src/transport/transport.case.ts'
import { startThrowAwaySshd } from './throw-away-sshd.ts'

describeTransport('the transport over SSH', async () => {
  const sshd = await startThrowAwaySshd()
  const { sshConfig, folder } = sshd
  await mkdir(join(folder, 'placed'))
  return {
    transport: createSshTransport({ XDG_RUNTIME_DIR: folder }),
    target: { name: 'web-1', destination: 'server', sshConfig },
    nowhere: { name: 'web-2', destination: 'nowhere', sshConfig },
    locked: { name: 'web-3', destination: 'locked', sshConfig },
    folder: join(folder, 'placed'),
    read: (path) => readFile(path),
    cut: sshd.cut,
    end: sshd.end,
  }
})
