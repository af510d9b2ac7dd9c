import { drawTextDiagram } from '../explain/draw-text-diagram.ts'
import { components } from '../components/index.ts'
import { observe } from '../engine/observe.ts'
import type { StackState } from '../stack/stack-state.ts'
import { publicAddress, serversOf } from '../stack/stack.ts'
import { summarise } from '../status/summarise.ts'
import type { Tone } from '../ui/tone.ts'
import type { Session } from '../operations/session/session.ts'

/** The end of a first `up`: that it answers, the path a request takes, and what to try next. */
export async function showSummary(
  session: Session,
  { maintenance }: Pick<StackState, 'maintenance'>,
  tone: Tone,
): Promise<string> {
  const { stack, lab } = session
  const url = `http://${publicAddress(stack)}`
  const { isWell, answer } = await describeAnswer(url, stack.declared.app.health)
  // Once the address answers, somebody holds it.
  const holder = await findHolder(session)
  const flag = lab ? ' --lab' : ''
  const next: readonly (readonly [command: string, purpose: string])[] = [
    [`npx trimaran status${flag}`, 'how every server fares, and who leads'],
    [`npx trimaran explain${flag}`, 'what each part is for, and what can still fail'],
    lab && holder !== undefined
      ? [`npx trimaran lab power-off ${holder}`, 'pull the plug of the balancer that holds the address, and reload']
      : [`npx trimaran check${flag}`, 'what to mend before it matters'],
  ]
  const width = Math.max(...next.map(([command]) => command.length))
  return [
    '',
    maintenance === undefined
      ? `${isWell ? tone.green('✔') : tone.yellow('!')} ${stack.name} ${answer} at ${tone.bold(url)}`
      : `${tone.cyan('✔')} ${stack.name} shows the maintenance page at ${tone.bold(url)}; \`trimaran maintenance off\` ends that`,
    '',
    drawTextDiagram(stack),
    '',
    'Try next:',
    ...next.map(([command, purpose]) => `  ${tone.bold(command.padEnd(width))}  ${tone.dim(purpose)}`),
  ].join('\n')
}

/** The balancer that holds the virtual address, where there is one that can be taken over. */
async function findHolder({ stack, connect, secrets }: Session): Promise<string | undefined> {
  const balancers = serversOf(stack, 'balancer')
  if (balancers.length < 2) return undefined
  const answers = await observe(balancers, { stack, components, connect, secrets, tell: () => {} })
  return summarise(stack, answers).balancer.holder
}

interface VisitorsView {
  readonly isWell: boolean
  readonly answer: string
}

/**
 * Asks the address itself, as a visitor would; where it has no front page, the health path. From outside the servers' network
 * that may not be possible.
 */
async function describeAnswer(url: string, health: string): Promise<VisitorsView> {
  const ask = async (path: string): Promise<number> =>
    (await fetch(url + path, { redirect: 'manual', signal: AbortSignal.timeout(5000) })).status
  try {
    const front = await ask('/')
    if (front < 400) return { isWell: true, answer: `answers (${front})` }
    const ofHealth = await ask(health)
    return { isWell: ofHealth < 400, answer: `answers (${front} to /, ${ofHealth} to ${health})` }
  } catch {
    return { isWell: true, answer: 'is set up; this computer does not reach it' }
  }
}
