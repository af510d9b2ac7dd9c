import { routes } from './routes.ts'

interface Route {
  readonly getRoutingTargetForInput?: (word: string) => Route | undefined
  readonly parameters?: {
    readonly positional?:
      | { readonly kind: 'tuple'; readonly parameters: readonly Positional[] }
      | { readonly kind: 'array'; readonly parameter: Positional; readonly minimum?: number }
  }
}

interface Positional {
  readonly placeholder?: string
  readonly optional?: boolean
}

/** What a verb wants to be given: `drain SERVER`, `exec WORD…`; `undefined` where the words name no verb. */
export function usageOf(words: readonly string[]): string | undefined {
  const named: string[] = []
  let route: Route | undefined = routes
  while (route?.getRoutingTargetForInput !== undefined && words[named.length] !== undefined) {
    route = route.getRoutingTargetForInput(words[named.length]!)
    named.push(words[named.length]!)
  }
  if (route?.parameters === undefined) return undefined
  const { positional } = route.parameters
  if (positional === undefined) return named.join(' ')
  const wanted =
    positional.kind === 'array'
      ? [`${format({ ...positional.parameter, optional: (positional.minimum ?? 0) === 0 })}…`]
      : positional.parameters.map(format)
  return [...named, ...wanted].join(' ')
}

const format = ({ placeholder = 'word', optional = false }: Positional): string =>
  optional ? `[${placeholder.toUpperCase()}]` : placeholder.toUpperCase()
