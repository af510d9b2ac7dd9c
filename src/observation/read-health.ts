import { z } from 'zod'
import type { Component, ComponentHealth } from '../components/component.ts'
import { firstIssue } from './validate-facts.ts'
import type { Doubt } from './doubts.ts'

const states = ['well', 'degraded', 'drained', 'down', 'unknown'] as const

const mostLetters = 600

const healthOf = ({ health }: Component): z.ZodType<ComponentHealth> =>
  z.strictObject({
    state: z.enum(states),
    note: z.string().max(mostLetters).exactOptional(),
    isLeader: z.boolean().exactOptional(),
    details: health.details.exactOptional(),
  })

/** The health of a component: where it does not fit the component's schema, the state is unknown, with a note. */
export function readHealth(component: Component, read: () => ComponentHealth, doubt: Doubt): ComponentHealth {
  const unknown: ComponentHealth = { state: 'unknown', note: 'says of itself what cannot be' }
  try {
    const { note, ...said } = read()
    const health = { ...said, ...(note !== undefined && { note: inOneLine(note) }) }
    const found = healthOf(component).safeParse(health)
    if (found.success) return withReports(component, found.data)
    doubt(component.name, firstIssue(found.error, health))
    return unknown
  } catch (error) {
    // An answer that its parser cannot read counts as impossible.
    doubt(component.name, error instanceof z.ZodError ? firstIssue(error, undefined) : (error as Error).message)
    return unknown
  }
}

const withReports = (component: Component, health: ComponentHealth): ComponentHealth => {
  const reports = health.details === undefined ? undefined : component.health.report?.(health.details)
  return reports === undefined ? health : { ...health, reports }
}

/** Notes quote apps and daemons. */
const inOneLine = (note: string): string => {
  const line = note.replaceAll(/\p{Cc}+/gu, ' ')
  return line.length > mostLetters ? `${line.slice(0, mostLetters - 1)}…` : line
}
