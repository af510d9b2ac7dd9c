import type { ExplainedComponent, Told } from './explained.ts'
import { besideLabel, capitalize, listNames, type RenderOptions, wrapText } from './text.ts'

const margin = 2
const column = 18

/** One component: its story beside its name, then what it brings and what its death means. */
export function renderComponent(
  component: ExplainedComponent,
  tierServers: readonly string[],
  options: RenderOptions,
): readonly string[] {
  const { name, servers, what, why, brings, whenItDies } = component
  const isPartial = servers.length < tierServers.length
  const story = [
    ...(isPartial ? [`Only on ${listNames(servers)}.`] : []),
    ...[...what, ...why].map((told) => [...about(told, servers, 'On ', ': '), told.text].join('')),
  ].join(' ')
  const notes = [
    ...brings.flatMap((told) =>
      renderNote([capitalize(told.benefit), ...about(told, servers, ' on ')].join(''), told, options),
    ),
    ...whenItDies.flatMap((told) =>
      renderNote(['If it dies', ...about(told, servers, ' on ')].join(''), told, options),
    ),
  ]
  const inner = { ...options, width: options.width - margin }
  return [...besideLabel(name, story, column - margin, inner).map((line) => ' '.repeat(margin) + line), ...notes]
}

/** Says whom a text is about, unless it is about all that have the component. */
function about({ servers }: Told, all: readonly string[], before: string, after = ''): readonly string[] {
  return servers.length === all.length ? [] : [before, listNames(servers), after]
}

/** A point below the story; its label stands out, its further lines hang below its first word. */
function renderNote(label: string, { text }: Told, { width, style }: RenderOptions): readonly string[] {
  const [first, ...rest] = wrapText(`${label}: ${text}`, width - column - 2)
  const head = first!.startsWith(`${label}:`) ? style.strong(`${label}:`) + first!.slice(label.length + 1) : first!
  return [`${style.dim('·')} ${head}`, ...rest.map((line) => `  ${line}`)].map((line) => ' '.repeat(column) + line)
}
