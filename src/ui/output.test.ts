import { afterEach, expect, it, vi } from 'vitest'
import type { EventBody } from '../events/event.ts'
import { createOutput } from './output.ts'

afterEach(() => vi.restoreAllMocks())

/** What is written when these events are emitted. */
function written(json: boolean, events: readonly EventBody[]) {
  const said = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const)
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      said[name] += String(text)
      return true
    })
  const output = createOutput({ json })
  events.forEach(output.emit)
  output.settle()
  vi.restoreAllMocks()
  return said
}

/** A server's step in a rolling operation, with what happens meanwhile. */
const step: readonly EventBody[] = [
  { type: 'excluded', server: 'web-3', why: 'it does not answer' },
  { type: 'phase-started', server: 'web-1', doing: 'is drained' },
  { type: 'wave-started', wave: 1, title: 'web: web-1', servers: ['web-1'] },
  { type: 'note', level: 'warning', text: 'db-1 was lost; the others go on without it' },
  { type: 'phase', server: 'web-1', phase: 'drained', milliseconds: 1250 },
  { type: 'note', level: 'info', text: 'between two phases' },
  { type: 'done', changed: true },
]

it('shows a person each phase in a line, and of what happens within it the trouble alone', () => {
  expect(written(false, step)).toEqual({
    stdout: '! web-3 is unreachable: it does not answer\n✔ web-1  drained  1.3 s\n',
    stderr: '! db-1 was lost; the others go on without it\n· between two phases\n',
  })
})

it('tells programs everything, and results without the time at which they were told', () => {
  const lines = written(true, step).stdout.trimEnd().split('\n')
  expect(lines.map((line) => (JSON.parse(line) as { type: string }).type)).toEqual([
    'wave-started',
    'note',
    'phase',
    'note',
    'done',
  ])
  expect(lines[2]).toBe('{"type":"phase","server":"web-1","phase":"drained","milliseconds":1250}')
  expect(lines.at(-1)).toBe('{"type":"done","changed":true}')
})

it('names what Debian has for each server, or that it has nothing', () => {
  const offers = [
    { server: 'web-1', packages: ['a 1 → 2', 'b 1 → 2', 'c 1 → 2', 'd 1 → 2', 'e 1 → 2'], needsRestart: true },
    { server: 'web-2', packages: [], needsRestart: false },
  ]
  expect(written(false, [{ type: 'offers', offers }]).stdout).toMatch(
    /^web-1 +a 1 → 2, b 1 → 2, c 1 → 2, d 1 → 2, 1 more, restart for what was upgraded before\n$/,
  )
  expect(written(false, [{ type: 'offers', offers: offers.slice(1) }]).stdout).toBe(
    '✔ Debian has nothing new for web-2\n',
  )
  expect(written(true, [{ type: 'offers', offers }]).stdout).toBe(`${JSON.stringify({ type: 'offers', offers })}\n`)
})
