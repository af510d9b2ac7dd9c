import { mkdir, stat } from 'node:fs/promises'
import { homedir, userInfo } from 'node:os'
import { join } from 'node:path'
import { failure } from '../errors/failure.ts'

/**
 * The folder of the SSH sockets, which only this user can read; made where it is missing.
 * The path of a Unix socket has at most 107 bytes. ssh adds 17 while it makes one, and our names take 26, so the folder
 * may take 64. Where the home folder's path is too long, the folder is below /tmp.
 */
export async function makeSocketFolder(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const folder = socketFolderCandidates(env).find((path) => Buffer.byteLength(path) <= longestFolder)!
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const found = await stat(folder)
  if (found.uid !== userInfo().uid || (found.mode & 0o077) !== 0) {
    throw failure('TRI-SSH-007', {
      what: `The folder ${folder} is open to other users`,
      why: 'It contains the sockets of SSH connections; any user who can open one is root on the servers',
      next: `Look at what is in it, then \`rm -r ${folder}\` and try again`,
    })
  }
  return folder
}

const longestFolder = 64

function socketFolderCandidates(env: NodeJS.ProcessEnv): readonly string[] {
  const runtime = env['XDG_RUNTIME_DIR']
  return [
    ...(runtime === undefined || runtime === '' ? [] : [join(runtime, 'trimaran')]),
    join(homedir(), '.cache/trimaran/ssh'),
    `/tmp/trimaran-${userInfo().uid}`,
  ]
}
