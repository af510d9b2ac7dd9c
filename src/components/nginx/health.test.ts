import { expect, it } from 'vitest'
import { readNginx } from './health.ts'

const figures = `Active connections: 3 
server accepts handled requests
 34 34 1021 
Reading: 0 Writing: 1 Waiting: 2 
`
const active = 'ActiveState=active\nSubState=running\nNRestarts=0\n'
const details = { release: '20261122-120000-abc1234', restarts: 0 }
const release = `release=${details.release}\n`

it.each([
  [`${active}alive=200\n${release}${figures}`, { state: 'well', details: { ...details, requests: 1021, active: 3 } }],
  [
    `${active}alive=502\n${release}`,
    {
      state: 'down',
      note: 'nginx runs, but the sidecar beside it does not answer: journalctl --namespace=traffic -u haproxy -n 20',
      details,
    },
  ],
  [
    `${active}alive=000\n${release}`,
    { state: 'down', note: 'nginx runs, but its own /_trimaran/alive does not answer', details },
  ],
  [
    `${active}alive=200\nrelease=\n`,
    {
      state: 'degraded',
      note: 'no release is in place, so no static files: run `trimaran up`',
      details: { release: '', restarts: 0 },
    },
  ],
  [
    `ActiveState=failed\nSubState=failed\nNRestarts=0\nalive=000\n${release}`,
    { state: 'down', note: 'nginx is failed (failed) → `trimaran logs web`', details },
  ],
  ['', { state: 'unknown', note: 'systemd did not answer' }],
])('%j', (answer, health) => {
  expect(readNginx(answer)).toEqual(health)
})
