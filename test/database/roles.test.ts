import { describe, expect, it } from 'vitest'
import { checkRoles } from './support/roles.ts'

const wrote = (at: number, server: string, timeline: number) => ({ at, server, wrote: timeline })

describe('the check of roles', () => {
  it('finds nothing wrong in a failover', () => {
    expect(checkRoles([wrote(1000, 'db-1', 1), wrote(2000, 'db-2', 2), wrote(3000, 'db-2', 2)]).twoWriters).toEqual([])
  })

  it('sees a former primary that writes on', () => {
    expect(checkRoles([wrote(1000, 'db-1', 1), wrote(2000, 'db-2', 2), wrote(3000, 'db-1', 1)]).twoWriters).toEqual([
      'db-1 wrote on 1, 1000 ms after db-2 did on 2',
    ])
  })

  it('sees two that write on the same timeline', () => {
    expect(checkRoles([wrote(1000, 'db-1', 1), wrote(1100, 'db-2', 1)]).twoWriters).toHaveLength(1)
  })
})
