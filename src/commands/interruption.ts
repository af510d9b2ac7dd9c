/**
 * A signal that is given by the first Ctrl-C: waves that have begun are finished on the servers, no new one begins. The
 * second Ctrl-C ends the command at once, which harms nothing either: the next `up` goes on from what it finds.
 */
export function interruption(): AbortSignal {
  const controller = new AbortController()
  process.once('SIGINT', () => {
    process.stderr.write('\nStopping after the steps that have begun. Press Ctrl-C again to leave at once.\n')
    controller.abort()
    process.once('SIGINT', () => process.exit(130))
  })
  return controller.signal
}
