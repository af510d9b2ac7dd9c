import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** How many releases are kept. Of large ones fewer are kept, but always the given one and the one before it. */
const kept = 5
const mostBytesKept = 3 * 1024 ** 3
const keptInAnyCase = 2

/** Removes the oldest archives of the operator's side. */
export async function pruneReleases(folder: string, latest: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true })
  const releases = entries
    .filter((entry) => entry.isDirectory() && /^\d{8}-\d{6}/.test(entry.name))
    .map(({ name }) => name)
  const newestFirst = [
    latest,
    ...releases
      .filter((name) => name !== latest)
      .toSorted()
      .toReversed(),
  ]
  let sum = 0
  for (const [index, name] of newestFirst.entries()) {
    sum += await sizeOf(join(folder, name))
    if (index < keptInAnyCase || (index < kept && sum <= mostBytesKept)) continue
    await rm(join(folder, name), { recursive: true, force: true })
  }
}

async function sizeOf(folder: string): Promise<number> {
  const names = await readdir(folder).catch(() => [])
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size))
  return sizes.reduce((sum, size) => sum + size, 0)
}
