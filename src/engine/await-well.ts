import { setTimeout as sleep } from 'node:timers/promises'
import type { ComponentHealth } from '../components/component.ts'
import { isObservation } from '../observation/observation.ts'
import type { Server } from '../stack/stack.ts'
import { observe, type ObserveOptions } from './observe.ts'

/** A database may have to catch up. */
const deadlineSeconds = 300

/** Waits until every component of a server is well, or drained; returns what is still unwell after five minutes. */
export async function awaitWell(server: Server, options: Omit<ObserveOptions, 'emit'>): Promise<readonly string[]> {
  const deadline = performance.now() + deadlineSeconds * 1000
  for (;;) {
    const answer = (await observe([server], { ...options, emit: () => {} })).get(server.name)!
    const unwell = isObservation(answer) ? [...answer.health].flatMap(formatUnwell) : [answer.unreachable]
    if (unwell.length === 0 || performance.now() > deadline) return unwell
    await sleep(700)
  }
}

const formatUnwell = ([component, { state, note }]: readonly [string, ComponentHealth]): readonly string[] =>
  state === 'well' || state === 'drained' ? [] : [`${component} is ${state}${note === undefined ? '' : `: ${note}`}`]
