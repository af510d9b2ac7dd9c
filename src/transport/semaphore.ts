/** Limits how many run at a time; the others wait in order of arrival. */
export interface Semaphore {
  /** Waits for a permit; the returned function gives it back, once. */
  acquire(signal?: AbortSignal): Promise<() => void>
}

/** Makes a semaphore with that many permits. A waiter leaves the queue when its signal aborts, and throws the signal's reason. */
export function createSemaphore(permits: number): Semaphore {
  let free = permits
  const queue: (() => void)[] = []

  const leave = (): void => {
    const next = queue.shift()
    if (next === undefined) free += 1
    else next()
  }

  return {
    async acquire(signal) {
      signal?.throwIfAborted()
      if (free > 0) free -= 1
      else await wait(queue, signal)
      return once(leave)
    },
  }
}

function wait(queue: (() => void)[], signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const admit = (): void => {
      signal?.removeEventListener('abort', giveUp)
      resolve()
    }
    const giveUp = (): void => {
      queue.splice(queue.indexOf(admit), 1)
      reject(signal!.reason as Error)
    }
    queue.push(admit)
    signal?.addEventListener('abort', giveUp, { once: true })
  })
}

function once(act: () => void): () => void {
  let done = false
  return () => {
    if (done) return
    done = true
    act()
  }
}
