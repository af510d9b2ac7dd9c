import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { formatLine, reasonOf } from '../src/log.js'
import { readClient, readRequestId } from '../src/request-log.js'

describe('a log line', () => {
  it('is logfmt, and quotes what needs it', () => {
    assert.equal(
      formatLine({ event: 'request', path: '/a b', reason: 'said "no"\nand left', status: 200, gone: undefined }),
      'event=request path="/a b" reason="said \\"no\\"\\nand left" status=200',
    )
  })

  it('has the reason of an error that carries several', () => {
    assert.equal(reasonOf(new AggregateError([new Error('refused'), new Error('refused too')])), 'refused')
  })
})

describe('the id of a request', () => {
  it('is the one it came with', () => {
    assert.equal(readRequestId('0A63:50F2_lb-1.7'), '0A63:50F2_lb-1.7')
  })

  it('cannot end an SQL comment or a log line', () => {
    assert.equal(readRequestId('a*/ drop table entries; --\n'), 'adroptableentries--')
    assert.equal(readRequestId('x'.repeat(500)).length, 100)
  })

  it('is made up when there is none', () => {
    assert.match(readRequestId(), /^[\da-f-]{36}$/)
    assert.match(readRequestId('*/'), /^[\da-f-]{36}$/)
  })
})

describe('the address of a client', () => {
  it('is the first of X-Forwarded-For', () => {
    assert.equal(readClient('198.18.0.2, 198.18.0.11', '127.0.0.1'), '198.18.0.2')
    assert.equal(readClient('2001:db8::7', '127.0.0.1'), '2001:db8::7')
  })

  it('is that of the connection when the header is missing or no address', () => {
    assert.equal(readClient(undefined, '::ffff:198.18.0.9'), '198.18.0.9')
    assert.equal(readClient('<b>', '127.0.0.1'), '127.0.0.1')
  })
})
