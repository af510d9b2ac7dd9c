import { describe, expect, it } from 'vitest'
import { contextFor, fiveServers } from '../testing/stacks.ts'
import { addressOf } from './address.ts'

describe('the virtual address', () => {
  const stack = fiveServers([])

  it('goes on the interface that is in its network, though the balancers talk over another one', () => {
    const addresses = [
      { interface: 'eth0', address: '10.9.0.11', prefixLength: 24 },
      { interface: 'eth1', address: '198.18.0.11', prefixLength: 24 },
    ]
    expect(addressOf(contextFor(stack, 'lb-1', { addresses }))).toEqual({
      ip: '198.18.0.10',
      prefix: 24,
      device: 'eth1',
    })
  })

  it('goes on the private one where none is in its network: there the operator’s command moves it', () => {
    expect(addressOf(contextFor(stack, 'lb-1')).device).toBe('eth0')
  })
})
