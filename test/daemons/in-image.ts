import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { chmod, mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

export interface InImage {
  readonly code: number
  /** Standard output and standard error, as they came. */
  readonly output: string
}

/** Whether there is an image to ask, one with that program: `trimaran up --lab` or the lab's tests make one. */
export const hasStockedImage = (program?: string): boolean => newestStockedImage(program) !== undefined

/**
 * Runs a shell script as root in a throw-away copy of the newest stocked lab image that has the program, with these files in place, and
 * tells how it ended. Nothing boots; what the script changes is gone afterwards.
 */
export async function inImage(
  script: string,
  files: Readonly<Record<string, string>> = {},
  program?: string,
): Promise<InImage> {
  const lower = newestStockedImage(program)
  if (lower === undefined) throw new Error('there is no stocked lab image: run the lab once')
  const folder = await mkdtemp(join(tmpdir(), 'trimaran-daemons-'))
  try {
    // It is laid over the image's own root folder, and daemons without rights must get through.
    await chmod(folder, 0o755)
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true })
      await writeFile(join(folder, path), content)
    }
    return await runUnshared(folder, lower, script)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function newestStockedImage(program = '/bin/bash'): string | undefined {
  const images = join(process.env['TRIMARAN_CACHE'] ?? '/var/cache/trimaran', 'images')
  try {
    const roots = readdirSync(images)
      .filter((name) => name.startsWith('stocked-') && !name.endsWith('.partial'))
      .map((name) => join(images, name, 'root'))
      .filter((root) => existsSync(join(root, program)))
    return roots.toSorted((a, b) => statSync(b).ctimeMs - statSync(a).ctimeMs)[0]
  } catch {
    return undefined
  }
}

/** All mounts are in a namespace of their own, and end with it. */
const overlay = `
set -e
mount -t tmpfs tmpfs /mnt
mkdir /mnt/upper /mnt/work /mnt/root
mount -t overlay overlay -o "lowerdir=$2,upperdir=/mnt/upper,workdir=/mnt/work" /mnt/root
cp -a "$1/." /mnt/root/
mount -t proc proc /mnt/root/proc
mount --bind /dev /mnt/root/dev
mount -t tmpfs tmpfs /mnt/root/run
[ ! -d "$1/run" ] || cp -a "$1/run/." /mnt/root/run/
exec chroot /mnt/root /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 /bin/bash -c "$3"
`

async function runUnshared(folder: string, lower: string, script: string): Promise<InImage> {
  const words = ['--mount', '--pid', '--fork', '--net', '/bin/sh', '-c', overlay, 'in-image', folder, lower, script]
  const child = spawn('unshare', words, { stdio: ['ignore', 'pipe', 'pipe'] })
  const chunks: Buffer[] = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => chunks.push(chunk))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code: code ?? 1, output: Buffer.concat(chunks).toString() }
}
