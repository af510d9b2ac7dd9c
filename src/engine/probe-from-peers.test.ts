import { expect, it } from 'vitest'
import { failure } from '../errors/failure.ts'
import type { Server } from '../stack/stack.ts'
import { createBashTransport } from '../transport/testing/bash-transport.ts'
import { probeFromPeers } from './probe-from-peers.ts'

const peer = (name: string): Server => ({ name, tier: 'web', index: 1, address: '127.0.0.1', destination: name })
const transport = createBashTransport('/nowhere')
const probe = (address: string) =>
  probeFromPeers({ address }, [peer('web-1'), peer('web-2')], (target) =>
    target.name === 'web-2'
      ? Promise.reject(failure('TRI-SSH-001', { what: 'web-2 is unreachable' }))
      : transport.connect(target),
  )

it('names a peer that gets an answer, be it a refusal, and no peer that cannot be asked', async () => {
  expect(await probe('127.0.0.1')).toEqual(['web-1'])
})

// No host has the broadcast address, so nothing on the way answers in its name either, as some gateways do.
it('names nobody where nothing answers', async () => {
  expect(await probe('255.255.255.255')).toEqual([])
})
