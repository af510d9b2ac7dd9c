import { describe, expect, it } from 'vitest'
import {
  addressOf,
  bridgeOf,
  checkLabName,
  checkServers,
  hardwareAddressOf,
  linkOf,
  subnetNumbers,
  subnetOf,
} from './addresses.ts'

describe('the addresses of a lab', () => {
  it('lie in the range that is set aside for tests', () => {
    expect(subnetOf(7)).toBe('198.18.7.0/24')
    expect(addressOf(7, 11)).toBe('198.18.7.11')
    expect(hardwareAddressOf(7, 11)).toBe('02:54:52:49:07:0b')
  })

  it('give names of links that the kernel accepts, at most 15 characters', () => {
    const longest = subnetNumbers.map((subnet) => Math.max(bridgeOf(subnet).length, linkOf(subnet, 254).length))
    expect(Math.max(...longest)).toBeLessThanOrEqual(15)
  })
})

describe('the name of a lab', () => {
  it.each(['guestbook', 'a', 'shop-2'])('may be %s', (name) => expect(() => checkLabName(name)).not.toThrow())

  it.each(['', 'Shop', '2shop', '../etc', 'a b', 'a'.repeat(32)])('may not be “%s”', (name) =>
    expect(() => checkLabName(name)).toThrow('cannot be the name of a lab'),
  )
})

describe('the servers of a lab', () => {
  it('are told all their mistakes at once', () => {
    const servers = [
      { name: 'web-1', host: 11 },
      { name: 'web-1', host: 1 },
      { name: 'Web', host: 11 },
    ]
    expect(() => checkServers(servers)).toThrow(
      expect.objectContaining({
        facts: expect.objectContaining({
          why: [
            '“Web” cannot be the name of a server',
            'web-1: 1 is not between 2 and 254',
            'web-1 is named twice',
            'the address .11 is given twice',
          ].join('\n'),
        }),
      }),
    )
  })
})
