let given: AbortSignal | undefined

/**
 * A signal that is set by the first Ctrl-C, or by the SIGTERM of a CI that stops the job: waves that have begun are
 * finished on the servers, and no new one begins. The second Ctrl-C ends the command at once. That is safe, too: the
 * next `up` goes on from what it finds.
 */
export const interruption = (): AbortSignal => (given ??= listen())

function listen(): AbortSignal {
  const controller = new AbortController()
  const stop = (): void => {
    if (controller.signal.aborted) return
    process.stderr.write('\nStopping after the steps that have begun. Press Ctrl-C again to leave at once.\n')
    controller.abort()
    process.on('SIGINT', () => process.exit(130))
    process.on('SIGTERM', () => process.exit(143))
  }
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  return controller.signal
}
