import { listNames } from '../explain/text.ts'
import { countOf } from '../speech/count-of.ts'
import { trimaran } from '../speech/suggested-command.ts'
import type { IsolationReport, WrongConnection } from '../status/isolation/isolation.ts'
import { formatDuration } from './format-duration.ts'
import type { Tone } from './tone.ts'

/** What was found of the isolation: what is wrong first, then the sum. Ends without a newline. */
export function showIsolation(report: IsolationReport, tone: Tone): string {
  const { wrong, changedRules, unasked, tried, milliseconds } = report
  const mark = tone.red('✖')
  return [
    ...changedRules.map(
      (server) => `${mark} ${server}: its rules are not those of the links\n  → ${trimaran('up')} loads them again`,
    ),
    ...showWrong(wrong, mark),
    ...unasked.map(({ server, why }) => `${tone.yellow('!')} ${server} was not asked: ${why}`),
    ...(report.isOutsideSeen
      ? []
      : [`${tone.yellow('!')} This computer does not reach the servers' addresses: nobody looked from outside`]),
    `${report.isSound ? `${tone.green('✔')} All is as the links say: ` : ''}${countOf(tried, 'connection')} tried in ${formatDuration(milliseconds)}; ${showSum(report)}`,
  ].join('\n')
}

const showSum = ({ allowed, refused, idle, wrong }: IsolationReport): string =>
  [
    `${allowed} allowed and open`,
    `${refused} refused`,
    ...(idle > 0 ? [`${idle} allowed and not in use`] : []),
    ...(wrong.length > 0 ? [`${wrong.length} wrong`] : []),
  ].join(', ')

/** One line for each port of a server, whoever reached it. */
function showWrong(wrong: readonly WrongConnection[], mark: string): readonly string[] {
  const groups = Map.groupBy(wrong, ({ to, address, protocol, port, is }) =>
    [is, to, address, protocol, port].join(' '),
  )
  return [...groups.values()].map((same) => {
    const { to, address, protocol, port, is } = same[0]!
    const where = `${protocol === 'udp' ? 'UDP ' : ''}port ${port} of ${to} (${address})`
    const by = listNames([
      ...new Set(same.map(({ from, user }) => (from === undefined ? 'this computer' : `${from} as ${user}`))),
    ])
    return is === 'open'
      ? `${mark} ${where} is open to ${by}, and no link says so`
      : `${mark} ${where} is closed to ${by}, and a link allows it`
  })
}
