import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readEntry } from '../src/entries.js'

describe('readEntry', () => {
  it('tidies what somebody wrote', () => {
    const { entry, problems } = readEntry({
      name: '  Ada \n Lovelace ',
      message: 'one\r\n\r\n\r\n\r\ntwo\u0000\u202e ',
    })
    assert.deepEqual(problems, {})
    assert.equal(entry.name, 'Ada Lovelace')
    assert.equal(entry.message, 'one\n\ntwo')
  })

  it('leaves emoji whole, and counts characters as a reader would write them', () => {
    const family = '👩‍👩‍👧'
    assert.equal(readEntry({ name: family, message: '⛵️' }).entry.name, family)
    assert.deepEqual(readEntry({ name: 'Ada', message: '⛵'.repeat(500) }).problems, {})
  })

  it('says what is missing and what is too long, field by field', () => {
    assert.deepEqual(readEntry({ name: ' ', message: 'x'.repeat(501) }).problems, {
      name: 'Please leave your name.',
      message: 'At most 500 characters, please: these are 501.',
    })
  })

  it('takes whatever is sent for nothing when it is not text', () => {
    assert.deepEqual(Object.keys(readEntry({ name: 7, message: ['x'] }).problems), ['name', 'message'])
    assert.deepEqual(Object.keys(readEntry().problems), ['name', 'message'])
  })

  it('keeps a good key and replaces a bad one', () => {
    assert.equal(readEntry({ key: 'order-0042' }).entry.key, 'order-0042')
    assert.match(readEntry({ key: "'; drop" }).entry.key, /^[\da-f-]{36}$/)
  })
})
