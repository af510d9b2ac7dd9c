/**
 * Tells readers of entries as they appear. `list` gives the newest entries, newest first. However many readers there
 * are, the database is asked once a second; while there is none, it is left alone.
 */
export function watchEntries(list, { everyMilliseconds = 1_000 } = {}) {
  const readers = new Set()
  let newest = []
  let watching = false

  /** Calls `tell` for every entry after the one with the id `after`, oldest first. Gives the function that ends it. */
  function join(after, tell) {
    const reader = (entry) => entry.id > after && tell(entry)
    readers.add(reader)
    if (watching) newest.toReversed().forEach(reader)
    else void watch()
    return () => readers.delete(reader)
  }

  async function watch() {
    watching = true
    while (readers.size > 0) {
      await look()
      await new Promise((resolve) => setTimeout(resolve, everyMilliseconds).unref())
    }
    watching = false
    newest = []
  }

  async function look() {
    try {
      const known = new Set(newest.map((entry) => entry.id))
      newest = await list()
      const fresh = newest.filter((entry) => !known.has(entry.id)).toReversed()
      for (const entry of fresh) for (const reader of readers) reader(entry)
    } catch {
      // The database is away: the readers wait, and the next look brings what they missed.
    }
  }

  return { join }
}
