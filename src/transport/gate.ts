/** Lets a few in at a time; the others wait in the order in which they came. */
export interface Gate {
  /** Waits for a target; the returned function gives it back, once. */
  enter(signal?: AbortSignal): Promise<() => void>
}

/** Makes a gate with so many permits. A waiter whose signal is given leaves the queue with the signal's reason. */
export function createGate(permits: number): Gate {
  let free = permits
  const queue: (() => void)[] = []

  const leave = (): void => {
    const next = queue.shift()
    if (next === undefined) free += 1
    else next()
  }

  return {
    async enter(signal) {
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
