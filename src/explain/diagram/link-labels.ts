import type { Link } from '../../stack/stack.ts'
import { namePorts, rangesOf, wrapText } from '../text.ts'

/** What stands beside an arrow: the port, and why it is open. */
export interface LinkLabel {
  readonly port: string
  readonly why: readonly string[]
}

const columns = 33

/** The link that carries the traffic first, then those that only ask how its servers are. */
export function describeLinks(links: readonly Link[]): readonly LinkLabel[] {
  return links
    .toSorted((a, b) => Number(b.service !== undefined) - Number(a.service !== undefined))
    .map((link) => ({ port: namePorts(link), why: wrapText(link.why, columns) }))
}

/** Links within a tier, told in one line for each component: `etcd 2379, 2380`. */
export function describeLinksAmong(links: readonly Link[]): readonly string[] {
  return [...Map.groupBy(links, ({ component }) => component)].map(
    ([component, own]) =>
      `${component} ${own.some(({ protocol }) => protocol === 'vrrp') ? 'VRRP' : rangesOf(own.flatMap(({ ports }) => ports)).join(', ')}`,
  )
}

export const labelLine = 16
/** Between one link and the next. */
export const labelSpace = 6

/** In pixels, from the top of the first line to the bottom of the last. */
export const heightOfLabels = (labels: readonly LinkLabel[]): number =>
  labels.reduce((sum, { why }) => sum + (1 + why.length) * labelLine + labelSpace, -labelSpace)
