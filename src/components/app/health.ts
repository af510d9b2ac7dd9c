import { lines, sh, type Shell } from '../../shell/sh.ts'
import type { Stack } from '../../stack/stack.ts'
import type { ComponentHealth } from '../component.ts'
import { copiesIn, retirementOf, slotNames, targetOf } from './slots.ts'

/** Asks systemd, the app's health path, which release runs and, unless all is well, what the app said last. */
export function askApp(stack: Stack): Shell {
  const { health } = stack.declared.app
  return lines([
    sh`
      ask() {
        local state health
        state=$(systemctl show "$2" -p ActiveState -p SubState -p NRestarts -p Result -p MemoryCurrent -p WorkingDirectory)
        health=$(curl -s -o /dev/null -m 1 -w 'health=%{http_code} %{time_total}' "http://127.0.0.1:$3"${health} || true)
        printf 'copy=%s %s\n%s\n%s\n' "$1" "$3" "$state" "$health"
        case $state$health in
          *ActiveState=active*health=[23]*) ;;
          *) echo said; timeout 0.7 journalctl --no-pager -q -o cat -n 30 _SYSTEMD_UNIT="$2" 2>/dev/null || true ;;
        esac
      }
    `,
    ...slotNames.map((slot) => {
      const copies = copiesIn(slot, stack)
      return sh`
        if systemctl is-active --quiet ${targetOf(slot)}; then
          case $(systemctl is-active ${retirementOf(slot)}) in active|activating) echo ${`retiring=${slot}`} ;; *)
        ${lines(copies.map(({ unit, port }) => sh`ask ${slot} ${unit} ${port}`))}
        ;; esac
        fi
      `
    }),
    sh`echo asked=yes`,
  ])
}

/** `details`: `slot`, `release`, `restarts`, `milliseconds` that the health path took, `memoryBytes`; of the copy that fares worst. */
export function readApp(answer: string, stack: Stack): ComponentHealth {
  if (!/^asked=yes$/m.test(answer)) return { state: 'unknown', note: 'systemd did not answer' }
  const copies = answer
    .split(/^copy=/m)
    .slice(1)
    .map((block) => readCopy(block.replace(/^asked=yes$/m, ''), stack))
  return copies.find(({ state }) => state !== 'well') ?? copies[0] ?? { state: 'down', note: 'no release runs' }
}

function readCopy(block: string, stack: Stack): ComponentHealth {
  const [figures = '', said = ''] = block.split(/^said$/m)
  const field = (name: string): string => new RegExp(`^${name}=(.*)$`, 'm').exec(figures)?.[1] ?? ''
  const [slot = '', port = ''] = (figures.split('\n')[0] ?? '').split(' ')
  const [status = '000', seconds = '0'] = field('health').split(' ')
  const details = { slot, ...detailsOf(field, Number(seconds)) }
  const isRunning = field('ActiveState') === 'active'
  if (isRunning && /^[23]/.test(status)) return { state: 'well', details }
  const trouble = isRunning ? deafness(stack.declared.app.health, status, port) : absence(field)
  const words = mostTelling(said)
  return { state: 'down', note: words === undefined ? trouble : `${trouble}: ${words}`, details }
}

function detailsOf(field: (name: string) => string, seconds: number): Readonly<Record<string, unknown>> {
  const memory = Number(field('MemoryCurrent'))
  return {
    release: field('WorkingDirectory').split('/').at(-1) ?? '',
    restarts: Number(field('NRestarts')),
    milliseconds: Math.round(seconds * 1000),
    ...(Number.isSafeInteger(memory) && memory > 0 && { memoryBytes: memory }),
  }
}

const deafness = (health: string, status: string, port: string): string =>
  status === '000' ? `runs, but does not answer ${health} on its port ${port}` : `runs, but ${health} answers ${status}`

const results: Readonly<Record<string, string>> = {
  'oom-kill': 'ran out of the memory that it may use, and is restarted',
  signal: 'was killed, and is restarted',
  'core-dump': 'crashed, and is restarted',
}

function absence(field: (name: string) => string): string {
  if (field('ActiveState') !== 'activating') return `is ${field('ActiveState')}, not running`
  const restarts = Number(field('NRestarts'))
  const how = results[field('Result')] ?? (restarts > 2 ? 'keeps ending, and is restarted' : 'ended, and is restarted')
  return `${how}; ${restarts} restarts so far`
}

const tellsWhy = /error|exception|fatal|panic|cannot|can't|could not|refused|denied|not found|no such/i
const saysNothing =
  /^(Node\.js v\d|npm (error|ERR!) (A complete log|command|path|Lifecycle)|\s*at\s|\s*[\^~]+\s*$|[\s})\]]*$)/i

/** The line that an operator would look for among the last ones, without passwords of URLs. */
function mostTelling(said: string): string | undefined {
  const lines = said.split('\n').filter((line) => line.trim() !== '' && !saysNothing.test(line))
  const line = lines.findLast((one) => tellsWhy.test(one)) ?? lines.at(-1)
  return line
    ?.trim()
    .replaceAll(/(:\/\/[^:/\s]+:)[^@\s]+@/g, '$1***@')
    .slice(0, 200)
}
