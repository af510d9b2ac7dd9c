import { expect, it } from 'vitest'
import type { Status } from '../../transport/ask-address.ts'
import { imagineStack } from '../testing/projects.ts'
import type { Session } from '../session/session.ts'
import { visitOnce, visitUntilServed } from './visit.ts'

/** What visitors of the imagined shop meet, who are answered so, one after the other; then always as the last time. */
async function meet(...answers: readonly Status[]) {
  const { session } = await imagineStack()
  const asked: string[] = []
  const askAddress: typeof session.askAddress = ({ address, path, host }) => {
    asked.push(`${address}${path} as ${host}`)
    return Promise.resolve(answers[Math.min(asked.length, answers.length) - 1]!)
  }
  return { seen: await visitUntilServed({ ...session, askAddress }, 0), asked }
}

it('asks so often that each web server and each app server has its turn, by the name of the site', async () => {
  const { seen, asked } = await meet(200)
  expect(seen).toEqual({
    url: 'http://10.0.0.10',
    from: 'this computer',
    isAnswered: true,
    isServed: true,
    isWell: true,
    answer: 'answers (200)',
  })
  expect(asked).toEqual(Array(4).fill('10.0.0.10/up as 10.0.0.10'))
})

it('is not content where only some are served', async () => {
  const { seen } = await meet(200, 503, 200, 503)
  expect(seen).toMatchObject({ isServed: false, answer: 'answers (503 to /up; 2 of 4 requests failed)' })
})

it('looks at the front page where something before the app refuses', async () => {
  expect((await meet(401, 401, 401, 401, 200)).seen).toMatchObject({
    isServed: true,
    isWell: true,
    answer: 'answers (401 to /up, 200 to /)',
  })
  expect((await meet(401)).seen).toMatchObject({ isServed: true, isWell: false })
})

/** A session in which each server gives this answer. */
const withServers = (session: Session, stdout: string): Session => ({
  ...session,
  connect: async (server) => ({
    ...(await session.connect(server)),
    run: () => Promise.resolve({ code: 0, stdout, stderr: '' }),
  }),
})

it('has a server ask where this computer does not reach the address, and says which', async () => {
  const { session } = await imagineStack()
  const askAddress: typeof session.askAddress = () => Promise.resolve('connect EHOSTUNREACH 10.0.0.10:80')
  const visit = (stdout: string) => visitOnce({ ...withServers(session, stdout), askAddress })
  expect(await visit('200\n')).toMatchObject({ from: 'web-1', isServed: true })
  expect(await visit('curl: (7) Failed to connect to 10.0.0.10 000\n')).toMatchObject({
    from: 'web-1',
    isServed: false,
    answer: 'does not answer (curl: (7) Failed to connect to 10.0.0.10)',
  })
})

it('believes itself where it reached the address and nothing came', async () => {
  const { session } = await imagineStack()
  const askAddress: typeof session.askAddress = () => Promise.resolve('nothing came for 3 s')
  expect(await visitOnce({ ...withServers(session, '200\n'), askAddress })).toMatchObject({
    from: 'this computer',
    isServed: false,
  })
})
