import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buildBare, buildStocked } from './build-image.ts'
import type { OnLabEvent } from './events.ts'
import { nameImage } from './image-recipe.ts'
import { withLock } from './lock.ts'
import { cacheFolder } from './paths.ts'
import { demandRequirements } from './requirements.ts'
import { run } from './run.ts'
import type { Build } from './run-tool.ts'

/** The image of a Debian server, shared by all lab servers. Never changed, once made. */
export interface Image {
  readonly name: string
  readonly root: string
}

export interface ImageWish {
  /** What is installed beside a plain Debian server; none for the bare image. */
  readonly packages: readonly string[]
  /** Files that must be there before the packages are installed, by path. */
  readonly files?: Readonly<Record<string, string>>
  readonly onEvent?: OnLabEvent
  readonly signal?: AbortSignal
}

/**
 * Returns the image with these packages, and builds it first when it is not in the cache. An incomplete image has
 * another name, and is removed by the next run; two processes never build at once.
 * @throws TRI-LAB-001, TRI-LAB-002
 */
export async function ensureImage(wish: ImageWish): Promise<Image> {
  const onEvent = wish.onEvent ?? (() => {})
  const inputs = { packages: wish.packages, files: wish.files ?? {} }
  const image = imageOf(nameImage(inputs))
  if (existsSync(image.root)) return image
  await demandRequirements()
  const wait = (owner: string) => onEvent({ stage: 'wait', detail: `another process builds the image (${owner})` })
  await withLock('image', wait, async () => {
    const build = { onEvent, signal: wish.signal }
    await clearPartial()
    const bare = imageOf(nameImage({ packages: [], files: {} }))
    await buildOnce(bare, build, (root) => buildBare(root, build))
    if (image.name !== bare.name) await buildOnce(image, build, (root) => buildStocked(root, bare.root, inputs, build))
    await pruneImages([bare.name, image.name])
  })
  return image
}

/** Records that a lab uses an image, so that it is kept as long as the lab exists. */
export async function noteUse(root: string, labFolder: string): Promise<void> {
  const file = join(root, '..', 'labs')
  const labs = await readFile(file, 'utf8').catch(() => '')
  if (!labs.split('\n').includes(labFolder)) await writeFile(file, `${labs}${labFolder}\n`)
  const now = new Date()
  await utimes(file, now, now)
}

const weekMs = 7 * 24 * 3600 * 1000

/** Removes images of older recipes and package lists that no lab's disks lie over, and none did for a week. */
async function pruneImages(keep: readonly string[]): Promise<void> {
  const kinds = keep.map((name) => name.split('-')[0])
  const names = await readdir(imagesFolder())
  for (const name of names.filter((each) => kinds.includes(each.split('-')[0]) && !keep.includes(each))) {
    const file = join(imagesFolder(), name, 'labs')
    const labs = (await readFile(file, 'utf8').catch(() => '')).split('\n')
    const inUse = labs.some((folder) => folder !== '' && existsSync(join(folder, 'state.json')))
    const lastUse = (await stat(existsSync(file) ? file : join(imagesFolder(), name))).mtimeMs
    if (!inUse && Date.now() - lastUse > weekMs) await removeTree(join(imagesFolder(), name))
  }
}

async function buildOnce(image: Image, { signal }: Build, build: (root: string) => Promise<void>): Promise<void> {
  if (existsSync(image.root)) return
  const partial = join(imagesFolder(), `${image.name}.partial`)
  try {
    await mkdir(partial, { recursive: true })
    await build(join(partial, 'root'))
    signal?.throwIfAborted()
    await rename(partial, join(imagesFolder(), image.name))
  } finally {
    await removeTree(partial)
  }
}

async function clearPartial(): Promise<void> {
  await mkdir(imagesFolder(), { recursive: true })
  const names = await readdir(imagesFolder())
  for (const name of names.filter((each) => each.endsWith('.partial'))) await removeTree(join(imagesFolder(), name))
}

/** Faster than Node's own for forty thousand files, and never leaves the file system that the tree is on. */
async function removeTree(folder: string): Promise<void> {
  if (existsSync(folder)) await run('rm', ['--recursive', '--force', '--one-file-system', folder])
}

const imagesFolder = (): string => join(cacheFolder(), 'images')

const imageOf = (name: string): Image => ({ name, root: join(imagesFolder(), name, 'root') })
