import { linksInto, publicAddress, serversOf, type Stack, type TierName } from '../stack/stack.ts'
import { tiers, tiersOf } from '../stack/tiers.ts'
import { rangesOf } from './text.ts'

/**
 * The way of a request in eight short lines, for the end of `up`. Lines are at most 80 columns wide for any number of
 * servers; ends without a newline.
 */
export function drawTextDiagram(stack: Stack): string {
  const names = tiersOf(stack)
  const rows: readonly Row[] = [
    { name: 'visitors', servers: `http://${publicAddress(stack)}`, note: '' },
    ...names.map((tier) => ({ name: tier, servers: nameFew(stack, tier), note: tiers[tier].note(stack) })),
  ]
  const width = Math.max(...rows.slice(1).map(({ servers }) => servers.length))
  const lines = rows.map(({ name, servers, note }) => {
    const line = `  ${name.padEnd(nameWidth)}${servers.padEnd(width)}  ${note}`.trimEnd()
    return line.length > 80 ? `${line.slice(0, 79)}…` : line
  })
  return lines.flatMap((line, index) => (index < 2 ? [line] : [arrow(stack, names[index - 1]!), line])).join('\n')
}

interface Row {
  readonly name: string
  readonly servers: string
  readonly note: string
}

const nameWidth = 11

/** Up to three names in full; of more, the first and the last. */
function nameFew(stack: Stack, tier: TierName): string {
  const names = serversOf(stack, tier).map(({ name }) => name)
  return names.length <= 3 ? names.join('  ') : `${names[0]} … ${names.at(-1)}`
}

/** The way into a tier, for those who choose among its servers. */
function arrow(stack: Stack, to: TierName): string {
  const links = linksInto(stack, to).filter(({ service }) => service !== undefined)
  if (links.length === 0) return `  ${' '.repeat(nameWidth)}↓`
  const ports = rangesOf(links.flatMap((link) => link.ports)).join(', ')
  const choice = links[0]!.service!.mode === 'primary' ? 'the primary' : 'any healthy one'
  const note = serversOf(stack, to).length > 1 ? `, ${choice}` : ''
  return `  ${' '.repeat(nameWidth)}↓ ${ports}${note}`
}
