import { describe, expect, it } from 'vitest'
import type { TierName } from '../stack/stack.ts'
import { checkReplace, type ReplaceWish } from './check-replace.ts'

interface Situation {
  readonly names?: readonly string[]
  readonly leader?: string
  readonly isAlive?: boolean
  readonly heardBy?: readonly string[]
  readonly anyway?: boolean
}

const tiers: Readonly<Record<string, TierName>> = { web: 'web', db: 'database' }
const tierOf = (name: string): TierName => tiers[name.split('-')[0]!]!

function check(name: string, { names = [name], leader, isAlive = false, heardBy = [], anyway = false }: Situation) {
  const report = {
    servers: names.map((one) => ({ name: one, tier: tierOf(one) })),
    database: { ...(leader !== undefined && { leader }) },
  } as unknown as ReplaceWish['report']
  return checkReplace({ server: { name, tier: tierOf(name) }, report, isAlive, heardBy, anyway })?.refused
}

describe('the place of a server', () => {
  it('goes to another machine where the old one is dead', () => {
    expect(check('web-1', {})).toBeUndefined()
    expect(check('db-2', { names: ['db-1', 'db-2'], leader: 'db-1' })).toBeUndefined()
  })

  it('goes from one that lives where others serve', () => {
    expect(check('web-1', { names: ['web-1', 'web-2'], isAlive: true })).toBeUndefined()
  })

  it('stays with the only one of its tier while it lives, whatever is said', () => {
    expect(check('web-1', { isAlive: true, anyway: true })).toContain('is the only web server')
  })

  it('stays with one that its neighbours hear, whatever is said', () => {
    const refused = check('db-2', { names: ['db-1', 'db-2'], leader: 'db-1', heardBy: ['db-1'], anyway: true })
    expect(refused).toContain('db-1 reaches it')
  })

  it('goes from the only copy of the data only where that is said', () => {
    expect(check('db-1', {})).toContain('the only copy of the data')
    expect(check('db-1', { anyway: true })).toBeUndefined()
  })

  it('is given to no database server that would have nobody to copy from', () => {
    expect(check('db-2', { names: ['db-1', 'db-2'] })).toContain('nobody leads')
  })
})
