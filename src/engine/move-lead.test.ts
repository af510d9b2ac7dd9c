import { describe, expect, it } from 'vitest'
import { nineServers, serverNamed } from '../components/testing/stacks.ts'
import type { Server } from '../stack/stack.ts'
import { type Answer, createMemoryTransport } from '../transport/memory-transport.ts'
import { moveLead } from './move-lead.ts'

const nine = nineServers([])
const apps = ['app-1', 'app-2'].map((name) => serverNamed(nine, name))

/** What a script is for; the first that is found in it. */
const words = ['--prepare', 'hand-over', 'kill', 'resume', 'cancel', 'pause']

/** Moves the lead of imagined servers, and tells what happened in which order. */
async function move(answers: Readonly<Record<string, Partial<{ code: number; stdout: string }>>> = {}) {
  const told: string[] = []
  let end: () => void = () => {}
  const answer: Answer = async (script, { server, say }) => {
    if (script.includes('measure-writes')) {
      say('measuring 7')
      await new Promise<void>((resolve) => {
        end = resolve
      })
      return { stdout: 'measuring 7\n{"pauseMilliseconds": 1900, "writes": 120}\n' }
    }
    const word = words.find((one) => script.includes(one))!
    told.push(`${server.name} ${word}`)
    if (word === 'kill') end()
    const usual = word === 'resume' ? { stdout: 'paused 2100\n' } : {}
    return answers[`${server.name} ${word}`] ?? usual
  }
  const transport = createMemoryTransport(answer)
  const moved = await moveLead(
    {
      tier: 'database',
      unit: 'x.service',
      from: serverNamed(nine, 'db-1'),
      to: 'db-2',
      pausers: apps,
      measure: { program: 'measure-writes', addresses: [] },
    },
    ({ name }: Server) => transport.connect({ name, destination: name }),
  )
  return { moved, told }
}

describe('moving the lead', () => {
  it('prepares, pauses requests, moves, and resumes them', async () => {
    const { moved, told } = await move()
    expect(told[0]).toBe('db-1 --prepare')
    expect(told.slice(1, 3).toSorted()).toEqual(['app-1 pause', 'app-2 pause'])
    expect(told[3]).toBe('db-1 hand-over')
    expect(told.slice(4, 6).toSorted()).toEqual(['app-1 resume', 'app-2 resume'])
    expect(moved).toMatchObject({ ok: true, refused: [], pauseMilliseconds: 1900, writes: 120 })
    expect(moved.paused).toEqual(apps.map(({ name }) => ({ server: name, milliseconds: 2100 })))
  })

  it('moves nothing where one cannot pause, and cancels it on the others', async () => {
    const { moved, told } = await move({ 'app-2 pause': { code: 1, stdout: 'a transaction is open\n' } })
    expect(moved).toMatchObject({ ok: false, refused: [{ server: 'app-2', why: 'a transaction is open' }] })
    expect(told).toContain('app-1 cancel')
    expect(told).not.toContain('db-1 hand-over')
  })

  it('lets requests go on where the lead did not move', async () => {
    const { moved, told } = await move({ 'db-1 hand-over': { code: 1, stdout: 'db-1 still leads\n' } })
    expect(moved).toMatchObject({ ok: false, said: 'db-1 still leads' })
    expect(told.filter((one) => one.endsWith('resume'))).toHaveLength(2)
  })

  it('names whoever went on by itself before', async () => {
    const { moved } = await move({ 'app-1 resume': { stdout: 'queries had gone on by themselves before\n' } })
    expect(moved.paused).toEqual([{ server: 'app-1' }, { server: 'app-2', milliseconds: 2100 }])
  })
})
