import { Buffer } from 'node:buffer'
import { expect, it } from 'vitest'
import { readApp } from './health.ts'

const running =
  'copy=blue web 3000 /up\nActiveState=active\nSubState=running\nNRestarts=0\nResult=success\nMemoryCurrent=61341696\n'
const restarting =
  'copy=blue web 3000 /up\nActiveState=activating\nSubState=auto-restart\nNRestarts=7\nResult=exit-code\nMemoryCurrent=[not set]\n'
const details = {
  slot: 'blue',
  release: '20261122-120000-abc1234',
  restarts: 0,
  milliseconds: 2,
  memoryBytes: 61341696,
}
const release = `release=${details.release}\n`
const quoted = (words: string): string => `said=${Buffer.from(words).toString('base64')}\n`
const read = (answer: string) => readApp(`${answer}\nasked=yes\n`, { name: 'app-1' }, { drained: [] })

it('is well while it answers', () => {
  expect(read(`${running}health=200 0.001923\n${release}`)).toEqual({ state: 'well', details })
})

it('is down while it says so itself', () => {
  const answer = `${running}health=503 0.001923\n${release}${quoted('{"level":"warn","message":"database_not_ready"}')}`
  const note = 'runs, but /up answers 503: {"level":"warn","message":"database_not_ready"}'
  expect(read(answer)).toEqual({ state: 'down', note, details })
})

it('reads megabytes of beginnings of URLs within a second or two', () => {
  const startedAt = performance.now()
  expect(read(`${restarting}${quoted('://a:'.repeat(500_000))}`)).toMatchObject({ state: 'down' })
  expect(performance.now() - startedAt).toBeLessThan(5000)
})

it('tells the line that says why it keeps ending', () => {
  const said = `node:internal/modules/cjs/loader:1423
  throw err;
  ^

Error: Cannot find module '/srv/app/releases/r1/servr.js'
    at Module._resolveFilename (node:internal/modules/cjs/loader:1420:15)
    at node:internal/main/run_main_module:36:49 {
  code: 'MODULE_NOT_FOUND',
  requireStack: []
}

Node.js v24.21.0
`
  expect(read(`${restarting}health=000 0.000120\n${release}${quoted(said)}`)).toMatchObject({
    state: 'down',
    note: "keeps ending, and is restarted; 7 restarts so far: Error: Cannot find module '/srv/app/releases/r1/servr.js'",
  })
})

it('tells that memory ran out', () => {
  const answer = restarting.replace('exit-code', 'oom-kill')
  expect(read(`${answer}health=000 0\n${release}${quoted('listening')}`).note).toBe(
    'ran out of the memory that it may use, and is restarted; 7 restarts so far: listening',
  )
})

it('never tells a password', () => {
  const said = 'error: could not connect to postgres://app:s3cret@127.0.0.1:5432/app\n'
  expect(read(`${running}health=000 0\n${release}${quoted(said)}`).note).toBe(
    'runs, but does not answer /up on its port 3000: error: could not connect to postgres://app:***@127.0.0.1:5432/app',
  )
})

it('is unknown when nothing answers', () => {
  expect(readApp('', { name: 'app-1' }, { drained: [] }).state).toBe('unknown')
})

it('is drained while nothing runs there on purpose', () => {
  expect(readApp('asked=yes\n', { name: 'app-1' }, { drained: ['app-1'] })).toEqual({ state: 'drained' })
  expect(readApp('asked=yes\n', { name: 'app-1' }, { drained: ['app-2'] }).state).toBe('down')
})

it('is degraded by a worker that ends, and by a timer whose last run failed, and tells which', () => {
  const well = `${running}health=200 0.001\n${release}`
  const worker = restarting.replace('copy=blue web 3000 /up', 'copy=blue worker  ')
  expect(read(`${well}${worker}${quoted('Error: no queue')}`)).toMatchObject({
    state: 'degraded',
    note: 'worker keeps ending, and is restarted; 7 restarts so far: Error: no queue',
  })
  const timed = running.replace('copy=blue web 3000 /up', 'copy=blue report timer ').replace('success', 'exit-code')
  expect(read(well + timed).note).toBe('report failed the last time that it ran (exit-code)')
  expect(read(well + timed.replace('exit-code', 'success')).state).toBe('well')
})

it('is degraded once somebody changed what it may call, and keeps what else is to be told', () => {
  const note = 'the rules for what the app may call were changed by hand → `trimaran up` loads them again'
  const well = `${running}health=200 0.001\n${release}`
  expect(read(`reach=changed\n${well}`)).toMatchObject({ state: 'degraded', note })
  const worker = restarting.replace('copy=blue web 3000 /up', 'copy=blue worker  ')
  expect(read(`reach=changed\n${well}${worker}${quoted('Error: no queue')}`)).toMatchObject({
    state: 'degraded',
    note: `worker keeps ending, and is restarted; 7 restarts so far: Error: no queue; ${note}`,
  })
  const deaf = `${running}health=000 0.001\n${release}`
  expect(read(`reach=changed\n${deaf}`)).toMatchObject({ state: 'down' })
  expect(read(`names=silent\n${well}`)).toMatchObject({
    state: 'degraded',
    note: expect.stringContaining('no names are looked up for the app'),
  })
  expect(read(`${well}${quoted('\nreach=changed')}`).state).toBe('well')
})
