import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { changeStackState, firstStackState, type StackState } from './stack-state.ts'
import { type StackStateSeal, readStackState, writeStackState } from './stack-state-copy.ts'

const seal: StackStateSeal = { stack: 'guestbook', key: 'k'.repeat(32) }
const stackState: StackState = {
  ...changeStackState(firstStackState('20261122-120000-abc1234'), { drained: ['web-2'] }),
  commandOn: 'app-1',
  excluded: ['db-3'],
  digests: { '20261122-120000-abc1234': { app: 'a'.repeat(64), static: 'b'.repeat(64) } },
  maintenance: { allow: ['10.0.0.0/8', '203.0.113.7'] },
  rolling: { verb: 'reboot', servers: ['lb-1', 'lb-2'], done: ['lb-1'], aside: [] },
}
const copy = writeStackState(stackState, seal)

/** Whoever has the key may sign anything: the schema stands alone then. */
const signed = (said: object): string => {
  const signature = createHmac('sha256', seal.key).update(JSON.stringify(said)).digest('hex')
  return JSON.stringify({ ...said, signature })
}

it('reads what it wrote', () => expect(readStackState(copy, seal)).toEqual({ stackState }))

it('writes the same text whatever order the fields were set in', () => {
  const { drained, commandOn, ...rest } = stackState
  const others = [
    { commandOn, drained, ...rest },
    { ...rest, drained, commandOn },
  ] as readonly StackState[]
  for (const same of others) expect(writeStackState(same, seal)).toBe(copy)
  const read = readStackState(writeStackState(others[1]!, seal), seal) as { readonly stackState: StackState }
  expect(writeStackState(read.stackState, seal)).toBe(copy)
})

it('takes no copy for none', () => expect(readStackState(' \n', seal)).toBeUndefined())

const edited: Readonly<Record<string, string>> = {
  'with a higher number': copy.replace('"number": 2', '"number": 5000'),
  'with another release': copy.replace('abc1234', 'abc1235'),
  'with nobody drained': copy.replace('"web-2"', ''),
  'with a line for HAProxy': copy.replace('203.0.113.7', '0.0.0.0/0\\n http-request return status 200'),
  'with a field more': copy.replace('{', '{ "commandOn": "app-2",'),
  'of another stack': copy.replace('guestbook', 'shop'),
  'with the signature of nothing': copy.replace(/"signature": "\w+"/, '"signature": ""'),
  'with half of the signature': copy.replace(/("signature": "\w{32})\w+"/, '$1"'),
}

describe('a copy that was edited by hand is refused', () => {
  it.each(Object.entries(edited))('%s', (_, text) => {
    expect(text).not.toBe(copy)
    expect(readStackState(text, seal)).toEqual({ refused: 'is not signed with the key of this stack' })
  })
})

it.each([
  ['is not signed', JSON.stringify(stackState)],
  ['is not signed', JSON.stringify({ number: 5000, release: 'r1' })],
  ['is not readable', '{"number":'],
  ['is not readable', `{"signature":"x","y":${'['.repeat(10_000)}${']'.repeat(10_000)}}`],
  ['is not readable', 'null'],
  ['is not readable', '[]'],
  ['is not readable', `{"a":"${'x'.repeat(70_000)}"}`],
])('a copy that %s is refused', (refused, text) => expect(readStackState(text, seal)).toEqual({ refused }))

it('refuses what another stack or another key signed', () => {
  const refused = { refused: 'is not signed with the key of this stack' }
  expect(readStackState(writeStackState(stackState, { ...seal, key: 'x'.repeat(32) }), seal)).toEqual(refused)
  expect(readStackState(writeStackState(stackState, { ...seal, stack: 'shop' }), seal)).toEqual({
    refused: 'is signed for another stack',
  })
})

describe('even with a good signature', () => {
  const said = { stack: seal.stack, ...stackState }
  it.each([
    ['a number that is none', { ...said, number: 1e300 }],
    ['a release that is a path', { ...said, release: '../../etc' }],
    ['a kept release that is hidden', { ...said, kept: ['.ssh'] }],
    ['a server that is none', { ...said, drained: ['web-1;reboot'] }],
    ['an address with a line more', { ...said, maintenance: { allow: ['0.0.0.0/0\n http-request return'] } }],
    ['a digest that is none', { ...said, digests: { r1: { app: 'a', static: 'b' } } }],
    ['a digest of a path', { ...said, digests: { '../r1': stackState.digests!['20261122-120000-abc1234'] } }],
    ['a verb that is none', { ...said, rolling: { ...stackState.rolling, verb: 'exec' } }],
    ['a field that is not known', { ...said, run: 'reboot' }],
  ])('%s is refused', (_, odd) => {
    expect(readStackState(signed(odd), seal)).toMatchObject({
      refused: expect.stringContaining('cannot be understood'),
    })
  })
})

it('never throws, and believes nothing but what was signed', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json({ maxDepth: 2 })), (text) => {
      expect(readStackState(text, seal) ?? {}).not.toHaveProperty('stackState')
    }),
  )
})
