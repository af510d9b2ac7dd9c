import { z } from 'zod'
import { sh } from '../shell/sh.ts'
import type { Connection } from '../transport/transport.ts'

/** How long writes had to wait, as measured. */
export interface Measured {
  /** The longest time between two acknowledged writes; absent where none was acknowledged. */
  readonly pauseMilliseconds?: number
  /** How many writes were measured. */
  readonly writes: number
}

/** Longer than the program itself ever runs. */
const deadlineSeconds = 240

/**
 * Starts the program that writes continuously. Resolves once it does.
 * @returns a function that ends it and returns its measurement; never throws.
 */
export async function measureWrites(
  connection: Connection,
  program: string,
  addresses: readonly string[],
): Promise<() => Promise<Measured>> {
  let begun: (pid: string | undefined) => void = () => {}
  const pid = new Promise<string | undefined>((resolve) => {
    begun = resolve
  })
  const onLine = (line: string): void => {
    const [, number] = /^measuring ([1-9]\d{0,9})$/.exec(line) ?? []
    if (number !== undefined) begun(number)
  }
  const ended = connection
    .run(sh`${program} ${addresses}`.text, { deadlineSeconds, onLine })
    .then(({ stdout }) => readMeasured(stdout))
    .catch((): Measured => ({ writes: 0 }))
    .finally(() => begun(undefined))
  const number = await pid
  return async () => {
    if (number !== undefined) await connection.run(sh`kill -TERM ${number}`.text).catch(() => {})
    return ended
  }
}

const measuredSchema = z.object({ pauseMilliseconds: z.number().min(0).nullable(), writes: z.int().min(0) })

function readMeasured(stdout: string): Measured {
  const row = stdout.split('\n').find((line) => line.startsWith('{'))
  if (row === undefined) return { writes: 0 }
  const { pauseMilliseconds, writes } = measuredSchema.parse(JSON.parse(row))
  return { writes, ...(pauseMilliseconds !== null && { pauseMilliseconds }) }
}
