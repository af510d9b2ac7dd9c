import type { Link } from '../stack/stack.ts'

/** How parts of a text are set apart. A terminal colours them, a file leaves them as they are. */
export interface Style {
  readonly strong: (text: string) => string
  readonly dim: (text: string) => string
  readonly good: (text: string) => string
  readonly warning: (text: string) => string
  readonly bad: (text: string) => string
}

const asItIs = (text: string): string => text

export const plainStyle: Style = { strong: asItIs, dim: asItIs, good: asItIs, warning: asItIs, bad: asItIs }

/** What every renderer of this folder is told; `width` in columns. */
export interface RenderOptions {
  readonly width: number
  readonly style: Style
}

/** Breaks a text between words into lines of at most `width` columns; a longer word gets a line of its own. */
export function wrapText(text: string, width: number): readonly string[] {
  const lines: string[] = []
  for (const word of text.split(/\s+/).filter((candidate) => candidate !== '')) {
    const line = lines.at(-1)
    if (line !== undefined && line.length + 1 + word.length <= width) lines[lines.length - 1] = `${line} ${word}`
    else lines.push(word)
  }
  return lines
}

/** A text beside a label: the label once, then the wrapped text, all of it aligned at `column`. */
export function besideLabel(
  label: string,
  text: string,
  column: number,
  { width, style }: RenderOptions,
  paint: (text: string) => string = style.strong,
): readonly string[] {
  const lines = wrapText(text, width - column)
  const head = paint(label) + ' '.repeat(Math.max(1, column - label.length))
  if (label.length >= column) return [paint(label), ...lines.map((line) => ' '.repeat(column) + line)]
  return lines.map((line, index) => (index === 0 ? head : ' '.repeat(column)) + line)
}

/** `web-1`, `web-1 and web-2`, `web-1 to web-12`, `web-1, web-3 and web-4`. */
export function listNames(names: readonly string[], conjunction: 'and' | 'or' = 'and'): string {
  if (names.length > 2 && isRun(names)) {
    const range = `${names[0]} to ${names.at(-1)}`
    return conjunction === 'or' ? `one of ${range}` : range
  }
  if (names.length < 2) return names.join('')
  return `${names.slice(0, -1).join(', ')} ${conjunction} ${names.at(-1)}`
}

/** The same for lists with several runs: `app-1, web-1 to web-12 and lb-1`. */
export function listRuns(names: readonly string[]): string {
  const parts: string[] = []
  for (let at = 0; at < names.length;) {
    let end = at + 1
    while (end < names.length && isRun(names.slice(at, end + 1))) end += 1
    const run = names.slice(at, end)
    parts.push(...(run.length > 2 ? [`${run[0]} to ${run.at(-1)}`] : run))
    at = end
  }
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`
}

function isRun(names: readonly string[]): boolean {
  const parts = names.map((name) => /^(.*)-(\d+)$/.exec(name))
  const first = parts[0]
  return parts.every((part, index) => part?.[1] === first?.[1] && Number(part?.[2]) === Number(first?.[2]) + index)
}

/** What has no ports is told by its name. */
const withoutPorts: Readonly<Partial<Record<Link['protocol'], string>>> = {
  vrrp: 'VRRP',
  icmp: 'ICMP',
  dhcp: 'DHCP',
  arp: 'ARP',
  any: 'any port',
}

/** `port 80`, `ports 3000 and 3100`, `ports 3000-3003 and 3100-3103`, `VRRP`. */
export function namePorts({ protocol, ports }: Pick<Link, 'protocol' | 'ports'>): string {
  const name = withoutPorts[protocol]
  if (name !== undefined) return name
  const noun = `${protocol === 'udp' ? 'UDP ' : ''}port${ports.length === 1 ? '' : 's'}`
  return `${noun} ${listNames(rangesOf(ports))}`
}

/** Neighbouring numbers as one range: `80`, `3000-3003`. */
export function rangesOf(ports: readonly number[]): readonly string[] {
  const ranges: [number, number][] = []
  for (const port of ports.toSorted((a, b) => a - b)) {
    const last = ranges.at(-1)
    if (last !== undefined && port <= last[1] + 1) last[1] = port
    else ranges.push([port, port])
  }
  return ranges.map(([from, to]) => (from === to ? String(from) : `${from}-${to}`))
}

export const capitalize = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
