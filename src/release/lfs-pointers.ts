import { Buffer } from 'node:buffer'
import { open } from 'node:fs/promises'
import { failure } from '../errors/failure.ts'
import { type BytePath, pathIn, readable } from './byte-path.ts'
import { git } from './git.ts'

/** How a pointer begins: https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md */
const beginning = 'version https://git-lfs.github.com/spec/'

/**
 * Throws TRI-RELEASE-007 where a file is only a git LFS pointer here: visitors would get the pointer.
 * `env` tells git about the work tree in `folder`.
 */
export async function refuseLfsPointers(folder: string, env: Readonly<Record<string, string>> = {}): Promise<void> {
  const listed = await git(['ls-files', '-z', '--', ':(attr:filter=lfs)'], { cwd: folder, env })
  const paths = [...new Set(listed.split('\0').filter((path) => path !== ''))]
  const pointers: BytePath[] = []
  for (const path of paths) if (await isPointer(folder, path)) pointers.push(path)
  if (pointers.length === 0) return
  throw failure('TRI-RELEASE-007', {
    what:
      pointers.length === 1
        ? `Of ${readable(pointers[0]!)} only the pointer of git LFS is here`
        : `Of ${pointers.length} files only the pointers of git LFS are here`,
    why: pointers.slice(0, 5).map(readable).join('\n'),
    state: 'nothing was shipped: visitors would get the pointers',
    next: '`git lfs install`, and `git lfs pull` where the files are',
  })
}

async function isPointer(folder: string, path: BytePath): Promise<boolean> {
  const file = await open(pathIn(folder, path)).catch(() => undefined)
  if (file === undefined) return false
  try {
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(beginning.length), position: 0 })
    return buffer.toString('latin1', 0, bytesRead) === beginning
  } finally {
    await file.close()
  }
}
