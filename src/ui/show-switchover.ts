import type { Moved } from '../engine/move-lead.ts'
import type { Server } from '../stack/stack.ts'
import { formatDuration } from '../ui/format-duration.ts'

/** The effect of a switchover on clients of the database. */
export const announceMove = (pausers: readonly Server[]): string =>
  pausers.length === 0
    ? 'Writes will wait for about two seconds, and open queries fail; no acknowledged write is lost.'
    : `For two or three seconds queries wait in the pools of ${namesOf(pausers)}; none fails, and no acknowledged write is lost.`

const namesOf = (servers: readonly { readonly name: string }[]): string => servers.map(({ name }) => name).join(', ')

/** How long queries waited in pools, and where one did not pause to the end. */
export function formatPaused({ paused }: Moved): readonly string[] {
  if (paused.length === 0) return []
  const times = paused.flatMap(({ milliseconds }) => (milliseconds === undefined ? [] : [milliseconds]))
  const early = paused.filter(({ milliseconds }) => milliseconds === undefined).map(({ server }) => server)
  return [
    ...(times.length === 0
      ? []
      : [
          `  queries waited ${formatDuration(Math.max(...times))} at most, in ${times.length === 1 ? 'the pool' : 'the pools'} of app servers`,
        ]),
    ...(early.length === 0 ? [] : [`  ${early.join(', ')} did not pause to the end: queries there may have failed`]),
  ]
}

/** How long writes waited, as it was measured at the database. */
export function formatPause({ pauseMilliseconds, writes }: Moved): string {
  if (pauseMilliseconds === undefined) return 'How long writes waited could not be measured.'
  return `  writes waited ${formatDuration(pauseMilliseconds)}, measured at the database by ${writes} real writes, one every 20 ms`
}
