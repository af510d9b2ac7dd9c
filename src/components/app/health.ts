import { Buffer } from 'node:buffer'
import { lines, sh, type Shell } from '../../shell/sh.ts'
import { type Drained, isDrained } from '../../stack/stack-state.ts'
import { type Server, siteName, type Stack } from '../../stack/stack.ts'
import type { ComponentHealth } from '../component.ts'
import { checkHealth } from '../health-check.ts'
import { askDatabase, databaseUnreachable } from './database-elsewhere.ts'
import type { AppDetails } from './details.ts'
import { namesUnit } from './names.ts'
import { reachPaths } from './reach-paths.ts'
import { type Copy, copiesIn, folderOf, retirementOf, type SlotName, slotNames, targetOf } from './slots.ts'
import { trimaran } from '../../speech/suggested-command.ts'

/**
 * Asks systemd for the units, the app for its health path, which release runs and, unless all is well, the app's last
 * log lines.
 */
export function askApp(server: Server, stack: Stack): Shell {
  return lines([
    // Behind NAT, the server does not have the address that others use.
    sh`
      here=${server.address}
      ip -4 -o address show | grep -qF " $here/" || here=$(ip -4 -o route get ${server.address} 2>/dev/null | sed -n 's/.* src \([0-9.]*\).*/\1/p')
    `,
    sh`
      ask() {
        local state health=
        state=$(systemctl show "$3" -p ActiveState -p SubState -p NRestarts -p Result -p MemoryCurrent)
        [ -z "$4" ] || health=$(${checkHealth(siteName(stack))} -o /dev/null -w 'health=%{http_code} %{time_total}' "http://$here:$4$5" 2>/dev/null || true)
        printf 'copy=%s %s %s %s\nrelease=%s\n%s\n%s\n' "$1" "$2" "$4" "$5" "\${release##*/}" "$state" "$health"
        case $4:$state$health in
          *:*ActiveState=active*health=[23]*|:*ActiveState=active*|timer:*) ;;
          *) printf 'said=%s\n' "$(timeout 0.7 journalctl --namespace=app --no-pager -q -o cat -n 30 _SYSTEMD_UNIT="$3" 2>/dev/null | tail -c 16384 | base64 -w0)" ;;
        esac
      }
    `,
    // A server may be too busy to answer in time; nothing is wrong then.
    sh`
      if [ -x ${reachPaths.program} ]; then
        timeout 1 ${reachPaths.program} check >/dev/null 2>&1
        case $? in 1) echo reach=changed ;; 3) echo names=silent ;; esac
      fi
    `,
    askDatabase(stack),
    sh`states=$(systemctl is-active ${slotNames.flatMap((slot) => [targetOf(slot), retirementOf(slot)])})`,
    sh`
      {
      ${lines(
        slotNames.map(
          (slot) => sh`
            read -r state; read -r retiring
            case $state$retiring in
              activeactive|activeactivating) ;;
              active*)
                release=$(readlink ${folderOf(slot)})
            ${lines(copiesIn(slot, stack, server).map((copy) => askCopy(slot, copy)))}
            ;; esac
          `,
        ),
      )}
      } <<<"$states"
      echo asked=yes
    `,
  ])
}

/** For a scheduled process only the result of the last run is asked. */
const askCopy = (slot: SlotName, { process: { name, health, at }, unit, port }: Copy): Shell =>
  at === undefined
    ? sh`ask ${slot} ${name} ${unit} ${port ?? ''} ${port === undefined ? '' : health}`
    : sh`ask ${slot} ${name} ${unit.replace('.timer', '@1.service')} timer ''`

/** `details`: `slot`, `release`, `restarts`, `milliseconds` that the health path took, `memoryBytes`; of the copy in the worst state. */
export function readApp(answer: string, { name }: Pick<Server, 'name'>, told: Drained): ComponentHealth<AppDetails> {
  if (!/^asked=yes$/m.test(answer)) return { state: 'unknown', note: 'systemd did not answer' }
  const [before = '', ...blocks] = answer.split(/^copy=/m)
  const copies = blocks.map((block) => readCopy(block.replace(/^asked=yes$/m, '')))
  if (copies.length === 0 && isDrained(told, name)) return { state: 'drained' }
  const worst = worstFirst.flatMap((state) => copies.find((one) => one.state === state) ?? [])[0]
  if (worst === undefined) return { state: 'down', note: 'no release runs' }
  return withWorries(worst, [
    ...(/^reach=changed$/m.test(before) ? [reachChanged] : []),
    ...(/^names=silent$/m.test(before) ? [namesSilent] : []),
    ...(/^database=unreachable$/m.test(before) ? [databaseUnreachable] : []),
  ])
}

const withWorries = (worst: ComponentHealth<AppDetails>, worries: readonly string[]): ComponentHealth<AppDetails> => {
  if (worries.length === 0) return worst
  const note = [...(worst.note === undefined ? [] : [worst.note]), ...worries].join('; ')
  return { ...worst, state: worst.state === 'well' ? 'degraded' : worst.state, note }
}

/** The app still serves; but an attacker who breaks into it can reach more. */
const reachChanged = `the rules for what the app may call were changed by hand → ${trimaran('up')} loads them again`

/** Connections to addresses that the app was told before still work. */
const namesSilent = `no names are looked up for the app: ${namesUnit} does not run → ${trimaran('up')} starts it again`

const worstFirst = ['down', 'degraded', 'well'] as const

function readCopy(block: string): ComponentHealth<AppDetails> {
  const field = (name: string): string => new RegExp(`^${name}=(.*)$`, 'm').exec(block)?.[1] ?? ''
  const [slot = '', name = '', port = '', health = ''] = (block.split('\n')[0] ?? '').split(' ')
  const [status = '000', seconds = '0'] = field('health').split(' ')
  // The schema of the figures checks the value.
  const details = { slot: slot as SlotName, ...detailsOf(field, Number(seconds)) }
  const isRunning = field('ActiveState') === 'active'
  if (port === 'timer') return readTimed(name, field, details)
  if (isRunning && (port === '' || /^[23]/.test(status))) return { state: 'well', details }
  const trouble = isRunning ? deafness(health, status, port) : absence(field)
  // In base64: the app's text is not trusted, and must not look like an answer of the question itself.
  const words = mostTelling(Buffer.from(field('said'), 'base64').toString())
  const who = name === 'web' ? '' : `${name} `
  const note = `${who}${words === undefined ? trouble : `${trouble}: ${words}`}`
  // Visitors do not wait for a worker.
  return { state: port === '' ? 'degraded' : 'down', note, details }
}

const readTimed = (name: string, field: (name: string) => string, details: AppDetails): ComponentHealth<AppDetails> =>
  field('Result') === 'success'
    ? { state: 'well', details }
    : { state: 'degraded', note: `${name} failed the last time that it ran (${field('Result')})`, details }

function detailsOf(field: (name: string) => string, seconds: number): Omit<AppDetails, 'slot'> {
  const memory = Number(field('MemoryCurrent'))
  return {
    release: field('release'),
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

/** So much of a line is looked through for passwords: many times what is shown. */
const mostOfLine = 4096

/** The line that an operator would look for among the last ones, without passwords of URLs. */
function mostTelling(said: string): string | undefined {
  const lines = said.split('\n').filter((line) => line.trim() !== '' && !saysNothing.test(line))
  const line = lines.findLast((one) => tellsWhy.test(one)) ?? lines.at(-1)
  return line
    ?.trim()
    .slice(0, mostOfLine)
    .replaceAll(/(:\/\/[^:/\s]+:)[^@\s]+@/g, '$1***@')
    .slice(0, 200)
}
