const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Calls `restore` when the process is interrupted or exits, so that the terminal gets its cursor back. Who else listens
 * to the signal decides what it means; where nobody does, it ends the process as if we had not been there.
 * Returns a function that stops to listen.
 */
export function untilInterrupted(restore: () => void): () => void {
  const onSignal = (signal: NodeJS.Signals): void => {
    restore()
    if (process.listenerCount(signal) > 1) return
    forget()
    process.kill(process.pid, signal)
  }
  const forget = (): void => {
    for (const signal of signals) process.off(signal, onSignal)
    process.off('exit', restore)
  }
  for (const signal of signals) process.on(signal, onSignal)
  process.on('exit', restore)
  return forget
}
