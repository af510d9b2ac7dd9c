import { expect, it } from 'vitest'
import { components } from '../components/index.ts'
import { fiveServers } from '../components/testing/stacks.ts'
import type { Answer, Answers } from '../observation/observation.ts'
import { firstStackState, withExcluded } from '../stack/stack-state.ts'
import { summarise } from './summarise.ts'
import { manifestFrom } from '../resources/testing/manifest.ts'

const stack = fiveServers(components)

/** What the app server says while it serves that release. */
const serving = (release: string, ordered: string, excluded: readonly string[] = []): Answers =>
  new Map([
    [
      'app-1',
      {
        manifest: manifestFrom('app directory /srv/app'),
        stackState: withExcluded(firstStackState(ordered), excluded),
        resources: new Map(),
        health: new Map([['app', { state: 'well', reports: { release: { serves: release } } }]]),
      } as unknown as Answer,
    ],
  ])

const appOf = (answers: Answers) => summarise(stack, answers).servers.find(({ name }) => name === 'app-1')!

it('names an app server that serves another release than the one that was ordered', () => {
  expect(appOf(serving('one', 'one'))).toMatchObject({ state: 'well' })
  expect(appOf(serving('one', 'two'))).toMatchObject({
    state: 'degraded',
    note: expect.stringMatching(/^serves one, not two: .*`trimaran up`/) as string,
  })
})

it('names a server that missed a release while it was unreachable', () => {
  expect(appOf(serving('one', 'two', ['app-1']))).toMatchObject({
    state: 'degraded',
    note: expect.stringMatching(/^was unreachable during a deploy and .*`trimaran up`/) as string,
  })
})
