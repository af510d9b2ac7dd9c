/** Gets all that a server sends, and notices when it sends too little for too long. */
export interface SilenceWatch {
  hear(text: string): void
  stop(): void
}

/** Without a whole line, this many letters must arrive in time: fewer count as silence. */
const leastLetters = 4096

/**
 * Watches that a server keeps sending: a whole line, or 4096 letters of a line, in each period of that many seconds. Otherwise
 * `onSilence` is called once. So a server that sends a byte now and then counts as silent, too.
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
