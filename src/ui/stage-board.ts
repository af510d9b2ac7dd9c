import type { Progress } from '../events/event.ts'
import { formatBytes } from '../speech/format-bytes.ts'
import { formatDuration } from './format-duration.ts'
import type { Tone } from './tone.ts'

type StageEvent = Extract<Progress, { type: 'stage' }>

/** Work before or between waves: an image, a release. A stage ends when it is complete or the next one begins. */
export interface StageBoard {
  /** Returns lines for good of stages that ended by this. */
  show(event: StageEvent): readonly string[]
  draw(spinner: string, now: number): readonly string[]
  /** Ends all stages. */
  collect(): readonly string[]
}

const barWidth = 20

export function createStageBoard(tone: Tone, clock: () => number): StageBoard {
  let current: (StageEvent & { readonly startedAt: number }) | undefined
  const told = new Set<string>()

  const collect = (): readonly string[] => {
    if (current === undefined) return []
    const { name, startedAt } = current
    current = undefined
    if (told.has(name)) return [] // Two stages that alternate are shown once.
    told.add(name)
    return [`${tone.green('✔')} ${name}  ${tone.dim(formatDuration(clock() - startedAt))}`]
  }

  return {
    show(event) {
      const ended = current !== undefined && current.name !== event.name ? collect() : []
      current = { ...event, startedAt: current?.startedAt ?? clock() }
      return isComplete(event) ? [...ended, ...collect()] : ended
    },
    draw(spinner, now) {
      if (current === undefined) return []
      const { name, startedAt, detail } = current
      const bar = drawBar(current, tone)
      const amount = ofBytes(current)
      const time = now - startedAt < 1000 ? '' : tone.dim(formatDuration(now - startedAt))
      return [
        [`${tone.cyan(spinner)} ${name}`, bar, amount, time, detail === undefined ? '' : tone.dim(detail)]
          .filter(Boolean)
          .join('  '),
      ]
    },
    collect,
  }
}

const isComplete = ({ done, total }: StageEvent): boolean => done !== undefined && total !== undefined && done >= total

const ofBytes = ({ done, total, unit }: StageEvent): string =>
  unit === undefined || done === undefined || total === undefined ? '' : `${formatBytes(done)} of ${formatBytes(total)}`

function drawBar({ done, total }: StageEvent, tone: Tone): string {
  if (done === undefined || total === undefined || total <= 0) return ''
  const full = Math.min(barWidth, Math.floor((done / total) * barWidth))
  return `${tone.green('━'.repeat(full))}${tone.dim('─'.repeat(barWidth - full))} ${Math.floor((done / total) * 100)} %`
}
