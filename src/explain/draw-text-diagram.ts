import { linksOutOf, publicAddress, serversOf, type Stack, type TierName } from '../stack/stack.ts'
import { countOf, rangesOf } from './text.ts'

/**
 * The way of a request in eight short lines, for the end of `up`. Lines are at most 80 columns wide for any number of
 * servers; ends without a newline.
 */
export function drawTextDiagram(stack: Stack): string {
  const rows: readonly Row[] = [
    { name: 'visitors', servers: `http://${publicAddress(stack)}`, note: '' },
    tierRow(stack, 'balancer', balancerNote(stack)),
    tierRow(stack, 'web', `files of ${stack.declared.web.root}/; the rest goes on to the app`),
    tierRow(stack, 'app', stack.declared.app.start),
    tierRow(stack, 'database', databaseNote(stack)),
  ]
  const width = Math.max(...rows.slice(1).map(({ servers }) => servers.length))
  const lines = rows.map(({ name, servers, note }) => {
    const line = `  ${name.padEnd(nameWidth)}${servers.padEnd(width)}  ${note}`.trimEnd()
    return line.length > 80 ? `${line.slice(0, 79)}…` : line
  })
  const [visitors, balancer, web, app, database] = lines as [string, string, string, string, string]
  const [toWeb, toApp, toDatabase] = [
    arrow(stack, 'balancer', 'web'),
    arrow(stack, 'web', 'app'),
    arrow(stack, 'app', 'database'),
  ]
  return [visitors, balancer, toWeb, web, toApp, app, toDatabase, database].join('\n')
}

interface Row {
  readonly name: string
  readonly servers: string
  readonly note: string
}

const nameWidth = 11

const tierRow = (stack: Stack, tier: TierName, note: string): Row => ({
  name: tier,
  servers: nameFew(stack, tier),
  note,
})

/** Up to three names in full; of more, the first and the last. */
function nameFew(stack: Stack, tier: TierName): string {
  const names = serversOf(stack, tier).map(({ name }) => name)
  return names.length <= 3 ? names.join('  ') : `${names[0]} … ${names.at(-1)}`
}

const balancerNote = (stack: Stack): string =>
  serversOf(stack, 'balancer').length === 1 ? 'the only way in' : 'one holds the address, another takes it over'

function databaseNote(stack: Stack): string {
  const count = serversOf(stack, 'database').length
  return count === 1 ? 'the only copy of the data' : `one primary, ${countOf(count - 1, 'replica')}`
}

function arrow(stack: Stack, from: TierName, to: TierName): string {
  const links = linksOutOf(stack, from).filter((one) => one.to === to && one.service !== undefined)
  if (links.length === 0) return `  ${' '.repeat(nameWidth)}↓`
  const ports = rangesOf(links.flatMap((link) => link.ports)).join(', ')
  const choice = links[0]!.service!.mode === 'primary' ? 'the primary' : 'any healthy one'
  const note = serversOf(stack, to).length > 1 ? `, ${choice}` : ''
  return `  ${' '.repeat(nameWidth)}↓ ${ports}${note}`
}
