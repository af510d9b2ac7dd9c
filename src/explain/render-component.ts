import type { ExplainedComponent, Told } from './explained.ts'
import { besideLabel, capitalize, listNames, type RenderOptions, wrapText } from './text.ts'

const margin = 2
const column = 18

/** What surrounds a component: the servers that could have it, and how much is to be told. */
export interface Surroundings {
  readonly servers: readonly string[]
  /** `brief` only names what it brings, so that a whole stack stays readable. */
  readonly detail: 'brief' | 'full'
}

/** One component: its story beside its name, then what it brings and what its death means. */
export function renderComponent(
  component: ExplainedComponent,
  around: Surroundings,
  options: RenderOptions,
): readonly string[] {
  const { name, servers, what, why, whenItDies } = component
  const isPartial = servers.length < around.servers.length
  const story = [
    ...(isPartial ? [`Only on ${listNames(servers)}.`] : []),
    ...[...what, ...why].map((told) =>
      told.servers.length === servers.length ? told.text : `On ${listNames(told.servers)}: ${told.text}`,
    ),
  ].join(' ')
  const notes = [
    ...(around.detail === 'full' ? renderBenefits(component, options) : nameBenefits(component, options)),
    ...whenItDies.flatMap((told) => renderNote(`If it dies${whom(told, servers)}`, told.text, options)),
  ]
  const inner = { ...options, width: options.width - margin }
  return [...besideLabel(name, story, column - margin, inner).map((line) => ' '.repeat(margin) + line), ...notes]
}

const renderBenefits = ({ servers, brings }: ExplainedComponent, options: RenderOptions): readonly string[] =>
  brings.flatMap((told) => renderNote(capitalize(told.benefit) + whom(told, servers), told.text, options))

function nameBenefits({ brings }: ExplainedComponent, options: RenderOptions): readonly string[] {
  const benefits = [...new Set(brings.map(({ benefit }) => benefit))]
  return benefits.length === 0 ? [] : renderNote('Brings', benefits.join(', '), options)
}

/** Says which servers a text is about, unless it is about all that have the component. */
const whom = ({ servers }: Told, all: readonly string[]): string =>
  servers.length === all.length ? '' : ` on ${listNames(servers)}`

/** A point below the story; its label stands out, its further lines hang below its first word. */
function renderNote(label: string, text: string, { width, style }: RenderOptions): readonly string[] {
  const [first, ...rest] = wrapText(`${label}: ${text}`, width - column - 2)
  const head = first!.startsWith(`${label}:`) ? style.strong(`${label}:`) + first!.slice(label.length + 1) : first!
  return [`${style.dim('·')} ${head}`, ...rest.map((line) => `  ${line}`)].map((line) => ' '.repeat(column) + line)
}
