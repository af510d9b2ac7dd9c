import { expect, it } from 'vitest'
import { components } from '../index.ts'
import { nineServers, serverNamed } from '../testing/stacks.ts'
import { readHaproxy } from './health.ts'

const stack = nineServers(components)
const nobody = { drained: [] }

/** The columns that matter, as HAProxy 3.0.11 gave them. */
const header = '# pxname,svname,scur,status,rate,check_status,check_code,req_rate,check_desc,last_chk'
const answerOf = (...rows: readonly string[]): string =>
  [header, ...rows, 'self,FRONTEND,0,OPEN,2,,,2,,', ''].join('\n')
const visitors = 'visitors,FRONTEND,9,OPEN,3,,,120,,'
const up = 'web,web-1,2,UP,60,L7OK,200,,Layer7 check passed,'

it('is well while every server may be used', () => {
  const answer = answerOf(visitors, up, 'web,web-2,2,UP,60,L7OK,200,,Layer7 check passed,', 'web,BACKEND,4,UP,120,,,,,')
  expect(readHaproxy(answer, serverNamed(stack, 'lb-1'), stack, nobody)).toEqual({
    state: 'well',
    details: {
      frontends: [{ name: 'visitors', requestsPerSecond: 120, sessions: 9 }],
      backends: [
        {
          name: 'web',
          servers: [
            { name: 'web-1', state: 'UP', requestsPerSecond: 60 },
            { name: 'web-2', state: 'UP', requestsPerSecond: 60 },
          ],
        },
      ],
    },
  })
})

it('counts a request of nginx once', () => {
  const app = 'app,app-1-blue,2,UP,60,L7OK,200,,Layer7 check passed,'
  const answer = answerOf('nginx-to-app,FRONTEND,9,OPEN,40,,,,,', 'to-app,FRONTEND,9,OPEN,40,,,60,,', app)
  expect(readHaproxy(answer, serverNamed(stack, 'web-1'), stack, nobody).details?.frontends).toEqual([
    { name: 'to-app', requestsPerSecond: 60, sessions: 9 },
  ])
})

it.each([
  [
    'one is down',
    up,
    'web,web-2,0,DOWN,0,L4CON,,,Layer4 connection problem,',
    'degraded',
    'not used: web-2: Layer4 connection problem',
  ],
  [
    'one answers wrong',
    up,
    'web,web-2,0,DOWN 1/2,0,L7STS,503,,Layer7 wrong status,"Service, not ""here"""',
    'degraded',
    'not used: web-2: Service, not "here" (503)',
  ],
  ['one is failing', up, 'web,web-2,0,UP 1/2,0,L7TOUT,,,,', 'well', undefined],
  ['one is drained', up, 'web,web-2,0,DRAIN,0,L7OK,200,,Layer7 check passed,', 'well', 'web-2 set aside on purpose'],
  [
    'none is left',
    'web,web-1,0,MAINT,0,,,,,',
    'web,web-2,0,DOWN,0,L4TOUT,,,Layer4 timeout,',
    'down',
    'no web server can be used (web-2: Layer4 timeout)',
  ],
])('%s', (_what, first, second, state, note) => {
  const health = readHaproxy(answerOf(visitors, first, second), serverNamed(stack, 'lb-1'), stack, nobody)
  expect([health.state, health.note]).toEqual([state, note])
})

it('is well with one primary: the replicas answer the check with 503', () => {
  const replica = 'database,db-1,0,DOWN,0,L7STS,503,,Layer7 wrong status,Service Unavailable'
  const primary = 'database,db-2,1,UP,1,L7OK,200,,Layer7 check passed,'
  expect(readHaproxy(answerOf(replica, primary), serverNamed(stack, 'app-1'), stack, nobody).state).toBe('well')
  const { state, note } = readHaproxy(answerOf(replica), serverNamed(stack, 'app-1'), stack, nobody)
  expect([state, note]).toEqual(['down', 'no database server is primary right now'])
})

it.each(['', 'Permission denied\n'])('is down when it does not answer: %j', (answer) => {
  expect(readHaproxy(answer, serverNamed(stack, 'lb-1'), stack, nobody).state).toBe('down')
})

it('is well while a server that is drained gets nothing, and tells which', () => {
  const drained = 'web,web-2,1,DOWN,0,L7STS,503,,Layer7 wrong status,'
  const answer = answerOf(visitors, up, drained)
  expect(readHaproxy(answer, serverNamed(stack, 'lb-1'), stack, { drained: ['web-2'] })).toMatchObject({
    state: 'well',
    note: 'web-2 set aside on purpose',
    details: { backends: [{ servers: [{ state: 'UP' }, { state: 'DRAIN' }] }] },
  })
})
