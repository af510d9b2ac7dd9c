import { readFile, writeFile } from 'node:fs/promises'

/**
 * Limits of the kernel that all servers of a computer share. With the defaults, servers after about the twenty-fifth
 * boot without sshd and without an error.
 */
const limits: readonly (readonly [file: string, atLeast: number, whose: string])[] = [
  ['fs/inotify/max_user_instances', 8192, 'every systemd holds a few'],
  ['fs/inotify/max_user_watches', 524_288, 'as above'],
  ['kernel/keys/maxkeys', 20_000, 'every unit that starts takes a session key'],
  ['kernel/keys/maxbytes', 2_000_000, 'as above'],
  ['net/ipv4/neigh/default/gc_thresh2', 4096, 'forty servers know forty neighbours each'],
  ['net/ipv4/neigh/default/gc_thresh3', 8192, 'as above'],
]

/** Raises limits that are too low; never lowers one. They stay raised, which costs nothing. */
export async function raiseHostLimits(): Promise<void> {
  await Promise.all(
    limits.map(async ([file, atLeast]) => {
      const path = `/proc/sys/${file}`
      if (Number(await readFile(path, 'utf8').catch(() => 'NaN')) < atLeast) await writeFile(path, `${atLeast}\n`)
    }),
  )
}
