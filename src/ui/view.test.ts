import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Progress } from '../events/event.ts'
import { createFakeTerminal, type FakeTerminal } from './testing/fake-terminal.ts'
import { failingApply, type Happening } from './testing/apply-events.ts'
import { createView } from './create-view.ts'
import type { View } from './view.ts'

beforeEach(() => void vi.useFakeTimers({ now: new Date('2026-11-22T12:00:00Z') }))
afterEach(() => void vi.useRealTimers())

describe('the plain view', () => {
  it('tells an apply in lines', async () => {
    await expect(inPlain(failingApply)).toMatchFileSnapshot('goldens/failing-apply.plain.txt')
  })

  it('has no colour and no cursor code', () => {
    expect(inPlain(failingApply)).not.toContain('\u001B')
  })
})

describe('the JSON view', () => {
  it('gives each event as a line on standard output', () => {
    const stdout = collector()
    play(createView({ json: true, stdout, stderr: collector() }), failingApply)
    const lines = stdout.text().trimEnd().split('\n')
    expect(lines).toHaveLength(failingApply.length)
    expect(JSON.parse(lines[0]!)).toEqual({ at: '2026-11-22T12:00:00.000Z', ...failingApply[0]![1] })
  })
})

describe('the live view', () => {
  it('leaves the story of an apply behind', async () => {
    const terminal = createFakeTerminal(100)
    const view = live(terminal)
    play(view, failingApply)
    view.end()
    await expect(terminal.screen()).toMatchFileSnapshot('goldens/failing-apply.tty.txt')
    expect(terminal.cursorIsVisible).toBe(true)
  })

  it.each([
    ['a stage with a bar', 2, 500],
    ['asked servers', 7, 2000],
    ['one server at work', 13, 3000],
    ['two servers at work', 30, 2000],
    ['a server that takes its change back', 31, 300],
  ])('shows %s', async (name, events, wait) => {
    const terminal = createFakeTerminal(100)
    const view = live(terminal)
    play(view, failingApply.slice(0, events))
    vi.advanceTimersByTime(wait)
    expect(terminal.cursorIsVisible).toBe(false)
    await expect(terminal.screen()).toMatchFileSnapshot(`goldens/live ${name}.txt`)
    view.end()
  })

  it('draws at most twelve times a second, however much happens', () => {
    const terminal = createFakeTerminal(100)
    const view = live(terminal)
    for (let index = 0; index < 500; index += 1)
      play(view, [[2, { type: 'stage', name: 'building', detail: `line ${index}` }]])
    expect(terminal.writes).toBeLessThanOrEqual(12)
    view.end()
  })

  it('fits a narrow terminal, and one that becomes narrower', () => {
    const terminal = createFakeTerminal(60)
    const view = live(terminal)
    play(view, failingApply.slice(0, 13))
    vi.advanceTimersByTime(200)
    terminal.columns = 24
    reflow(terminal)
    vi.advanceTimersByTime(200)
    const lines = terminal.screen().split('\n')
    expect(lines.filter((line) => line.includes('db-1   etcd'))).toHaveLength(1)
    expect(lines.at(-2)!.length).toBeLessThan(24)
    view.end()
  })

  it('fits a low terminal', () => {
    const terminal = createFakeTerminal(80, 10)
    const view = live(terminal)
    const servers = Array.from({ length: 40 }, (_, index) => `app-${index + 1}`)
    play(view, [
      [0, { type: 'wave-started', wave: 1, title: 'app', servers }],
      [200, { type: 'note', level: 'info', text: 'x' }],
    ])
    vi.advanceTimersByTime(200)
    const lines = terminal.screen().trimEnd().split('\n')
    expect(lines).toHaveLength(2 + 8)
    expect(lines.at(-1)).toBe('  … and 33 more')
    view.end()
  })

  it('gives the cursor back when it is interrupted, and goes on below', () => {
    const terminal = createFakeTerminal(80)
    const view = live(terminal)
    const others = () => {}
    process.on('SIGINT', others)
    play(view, failingApply.slice(0, 13))
    vi.advanceTimersByTime(200)
    process.emit('SIGINT', 'SIGINT')
    expect(terminal.cursorIsVisible).toBe(true)
    terminal.write('Stopping after the steps that have begun.\n')
    vi.advanceTimersByTime(200)
    view.end()
    process.off('SIGINT', others)
    const lines = terminal.screen().trimEnd().split('\n')
    expect(lines.slice(-3)[1]).toBe('Stopping after the steps that have begun.')
    expect(lines.at(-1)).toBe('! db-1   was left at: install etcd-server etcd-client')
  })

  it('gives way to plain lines in CI', () => {
    const terminal = createFakeTerminal(80)
    const view = createView({ json: false, stdout: collector(), stderr: terminal, env: { CI: 'true', NO_COLOR: '1' } })
    view.show({ at: '', type: 'note', level: 'info', text: 'hello' })
    expect(terminal.screen()).toBe('· hello\n')
  })
})

function inPlain(happenings: readonly Happening[]): string {
  const stderr = collector()
  const view = createView({ json: false, stdout: collector(), stderr, env: {} })
  play(view, happenings)
  view.end()
  return stderr.text()
}

const live = (stderr: FakeTerminal): View =>
  createView({ json: false, stdout: collector(), stderr, env: { NO_COLOR: '1' } })

function play(view: View, happenings: readonly (readonly [number, Progress])[]): void {
  for (const [wait, event] of happenings) {
    vi.advanceTimersByTime(wait)
    view.show({ at: new Date().toISOString(), ...event })
  }
}

function collector() {
  let text = ''
  return { write: (piece: string) => void (text += piece), text: () => text }
}

/** Breaks the lines that are on the screen as a terminal does that is made narrower. */
function reflow(terminal: FakeTerminal): void {
  const lines = terminal.screen().split('\n')
  terminal.write(`\u001B[${lines.length}A\r\u001B[J`)
  terminal.write(lines.join('\n'))
}
