import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'

const kept = 5

/** Removes the oldest archives of the operator's side: five stay, and the given one. */
export async function pruneReleases(folder: string, latest: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true })
  const releases = entries
    .filter((entry) => entry.isDirectory() && /^\d{8}-\d{6}/.test(entry.name))
    .map(({ name }) => name)
  const old = releases
    .toSorted()
    .slice(0, -kept)
    .filter((name) => name !== latest)
  await Promise.all(old.map((name) => rm(join(folder, name), { recursive: true, force: true })))
}
