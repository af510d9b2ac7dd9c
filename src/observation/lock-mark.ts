import { runFolder } from '../resources/state-folder.ts'
import { sh, type Shell } from '../shell/sh.ts'

/**
 * The mark of a server's operator lock (`engine/lock.ts`) while nobody holds it. The mark changes each time that the lock is
 * taken, and after a reboot. With it, the next owner learns whether somebody may have changed the server since it was asked.
 */
export type LockMark = string

export const lockPath = `${runFolder}/operator.lock`
/** The current or last owner, and since when. Written whenever the lock is taken. */
export const lockOwnerPath = `${runFolder}/operator.owner`

/** Prints the mark; prints nothing while somebody holds the lock. */
export const askLockMark = (): Shell => sh`
  flock --nonblock ${lockPath} true && ${printLockMark()}
`

/** Prints the mark, also while somebody holds the lock. */
export const printLockMark = (): Shell =>
  sh`printf '%s %s\n' "$(cat /proc/sys/kernel/random/boot_id)" "$(stat -c %.9Y ${lockOwnerPath} 2>/dev/null || echo never)"`
