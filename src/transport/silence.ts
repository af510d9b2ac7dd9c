/** Told of all that a server says; knows when it has said too little for too long. */
export interface SilenceWatch {
  hear(text: string): void
  stop(): void
}

/** Without a whole line, that much of one must arrive within the time: fewer letters are a trickle, and no answer. */
const leastLetters = 4096

/**
 * Watches that a server goes on: a whole line, or 4096 letters of one, within so many seconds each. Otherwise `onSilence` is
 * called, once. So a server that sends a byte now and then is as silent as one that sends none.
 */
export function watchSilence(seconds: number, onSilence: () => void): SilenceWatch {
  let letters = 0
  const timer = setTimeout(onSilence, seconds * 1000)
  return {
    hear(text) {
      letters += text.length
      if (letters < leastLetters && !text.includes('\n')) return
      letters = 0
      timer.refresh()
    },
    stop: () => clearTimeout(timer),
  }
}
