import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { watchEntries } from '../src/live-entries.js'

const everyMilliseconds = 5

describe('watchEntries', () => {
  it('tells of what appears after an id, oldest first, each once', async () => {
    const entries = [{ id: 2 }, { id: 1 }]
    const live = watchEntries(async () => [...entries], { everyMilliseconds })
    const heard = []
    const leave = live.join(1, (entry) => heard.push(entry.id))
    await sleep(20)
    entries.unshift({ id: 4 }, { id: 3 })
    await sleep(30)
    leave()
    assert.deepEqual(heard, [2, 3, 4])
  })

  it('asks the database as often for three readers as for one, and not at all for none', async () => {
    let asked = 0
    const live = watchEntries(async () => [{ id: (asked += 1) }], { everyMilliseconds })
    const leaves = [1, 2, 3].map(() => live.join(0, () => {}))
    await sleep(30)
    leaves.forEach((leave) => leave())
    assert.ok(asked >= 2 && asked <= 7, `asked ${asked} times in 30 ms`)
    await sleep(15)
    const before = asked
    await sleep(20)
    assert.equal(asked, before)
  })

  it('lives through a database that is away, and then brings what was missed', async () => {
    let isAway = false
    const entries = [{ id: 1 }]
    const live = watchEntries(
      async () => {
        if (isAway) throw new Error('away')
        return [...entries]
      },
      { everyMilliseconds },
    )
    const heard = []
    const leave = live.join(0, (entry) => heard.push(entry.id))
    await sleep(15)
    isAway = true
    entries.unshift({ id: 2 })
    await sleep(15)
    isAway = false
    await sleep(20)
    leave()
    assert.deepEqual(heard, [1, 2])
  })
})
