import { createMask } from './mask.ts'

/**
 * The secrets of this run. The whole process shares one list, since all output needs it: the views, the event log, and the
 * message of a failure, which is printed last.
 */
let mask = createMask()

/** Adds the value of a secret: from now on it is masked in all output. */
export const learnSecret = (value: string): void => mask.learn(value)

/** The text with all known secrets masked. */
export const hideSecrets = (text: string): string => mask.hide(text)

/** Forgets all secrets: for tests, many of which share a process. */
export const forgetSecrets = (): void => {
  mask = createMask()
}
