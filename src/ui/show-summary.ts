import { drawTextDiagram } from '../explain/draw-text-diagram.ts'
import type { Stack } from '../stack/stack.ts'
import type { Visit } from '../status/visit.ts'
import type { Tone } from './tone.ts'
import { commandLine, type CommandPlace, trimaran } from '../speech/suggested-command.ts'

/** The stack as a visitor sees it. */
interface Seen extends Pick<Visit, 'url' | 'from' | 'isWell' | 'answer'> {
  /** The balancer that holds the address, where there is more than one. */
  readonly addressOwner?: string
  /** Whether visitors see the maintenance page. */
  readonly isClosed: boolean
}

/** The end of a first `up`: that it answers, the path a request takes, and what to try next. */
export function showSummary(
  { stack, place }: { readonly stack: Stack; readonly place: CommandPlace },
  { url, from, isWell, answer, addressOwner, isClosed }: Seen,
  tone: Tone,
): string {
  const suggest = (words: string): string => `npx ${commandLine(words, place)}`
  const next: readonly (readonly [command: string, purpose: string])[] = [
    [suggest('status'), 'the state of every server, and who leads'],
    [suggest('explain'), 'what each part is for, and what can still fail'],
    place.lab && addressOwner !== undefined
      ? [suggest(`lab power-off ${addressOwner}`), 'pull the plug of the balancer that holds the address, and reload']
      : [suggest('check'), 'what can still fail'],
  ]
  const width = Math.max(...next.map(([command]) => command.length))
  return [
    '',
    !isClosed
      ? `${isWell ? tone.green('✔') : tone.yellow('!')} ${stack.name} ${answer} at ${tone.bold(url)}${from === 'this computer' ? '' : `, asked from ${from}`}`
      : `${tone.cyan('✔')} ${stack.name} shows the maintenance page at ${tone.bold(url)}; ${trimaran('maintenance off')} ends that`,
    '',
    drawTextDiagram(stack),
    '',
    'Try next:',
    ...next.map(([command, purpose]) => `  ${tone.bold(command.padEnd(width))}  ${tone.dim(purpose)}`),
  ].join('\n')
}
