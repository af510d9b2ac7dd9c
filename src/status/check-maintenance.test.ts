import { expect, it } from 'vitest'
import { checkMaintenance } from './check-maintenance.ts'

const closed = { allow: [] }
const ajar = { allow: ['203.0.113.7'] }

it.each([
  ['closed, and knows it', closed, closed, undefined],
  ['open, and knows it', undefined, undefined, undefined],
  ['closed, and does not know', closed, undefined, 'shows visitors the site'],
  ['open, and does not know', undefined, closed, 'still shows visitors the maintenance page'],
  ['closed but for other addresses', ajar, closed, 'old list of addresses'],
])('a balancer of a site that is %s', (_, ordered, known, said) => {
  if (said === undefined) expect(checkMaintenance(ordered, known)).toBeUndefined()
  else expect(checkMaintenance(ordered, known)).toContain(said)
})
