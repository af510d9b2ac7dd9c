import { createMask } from './mask.ts'

/**
 * The secrets of this run. There is one for the whole process, since whatever speaks must know them: the views, the event
 * log, and the last words of a failure, which are said when everything else is gone.
 */
let mask = createMask()

/** Adds the value of a secret: from now on it is masked in all output. */
export const learnSecret = (value: string): void => mask.learn(value)

/** A text without the secrets that are known so far. */
export const hideSecrets = (text: string): string => mask.hide(text)

/** As in a new process: for tests, many of which share one. */
export const forgetSecrets = (): void => {
  mask = createMask()
}
