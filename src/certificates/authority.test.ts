import { createPrivateKey, X509Certificate } from 'node:crypto'
import { expect, it } from 'vitest'
import { authorityOf } from './authority.ts'

const seed = 'a-seed-of-32-letters-and-digits-'
const peers = authorityOf(seed, 'shop', 'etcd peers')
const clients = authorityOf(seed, 'shop', 'etcd clients')
const subject = { name: 'db-1', addresses: ['10.0.0.1', '127.0.0.1'], uses: ['server', 'client'] } as const
const read = (pem: string): X509Certificate => new X509Certificate(pem)
const authority = read(peers.certificate)
const issued = peers.issue(subject)
const leaf = read(issued.certificate)

it('derives the same from the same, and everything else from anything else', () => {
  expect(authorityOf(seed, 'shop', 'etcd peers').certificate).toBe(peers.certificate)
  expect(authorityOf(seed, 'shop', 'etcd peers').issue(subject)).toEqual(issued)
  const keys = [
    issued.key,
    clients.issue(subject).key,
    peers.issue({ ...subject, name: 'db-2' }).key,
    authorityOf(seed, 'stop', 'etcd peers').issue(subject).key,
    authorityOf(`${seed}.`, 'shop', 'etcd peers').issue(subject).key,
  ]
  expect(new Set(keys).size).toBe(keys.length)
})

it('is what another implementation takes for a certificate of that authority', () => {
  expect(authority.ca).toBe(true)
  expect(authority.verify(authority.publicKey)).toBe(true)
  expect(authority.subject).toBe('CN=shop etcd peers')
  expect(leaf.ca).toBe(false)
  expect(leaf.subject).toBe('CN=db-1')
  expect(leaf.checkIssued(authority)).toBe(true)
  expect(leaf.verify(authority.publicKey)).toBe(true)
  expect(leaf.checkPrivateKey(createPrivateKey(issued.key))).toBe(true)
  expect(leaf.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2'])
})

it('is good for its own addresses and for one purpose', () => {
  expect(leaf.checkIP('10.0.0.1')).toBe('10.0.0.1')
  expect(leaf.checkIP('127.0.0.1')).toBe('127.0.0.1')
  expect(leaf.checkIP('10.0.0.2')).toBeUndefined()
  expect(leaf.verify(read(clients.certificate).publicKey)).toBe(false)
  const caller = read(clients.issue({ name: 'postgres on db-1', addresses: [], uses: ['client'] }).certificate)
  expect(caller.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2'])
  expect(caller.subjectAltName).toBeUndefined()
})

it('depends on no clock', () => {
  for (const { validFromDate, validToDate } of [authority, leaf]) {
    expect(validFromDate.getTime()).toBe(0)
    expect(validToDate.toISOString()).toBe('9999-12-31T23:59:59.000Z')
  }
})

it('never has one serial number for two certificates', () => {
  const moved = read(peers.issue({ ...subject, addresses: ['10.0.0.9'] }).certificate)
  expect(moved.serialNumber).not.toBe(leaf.serialNumber)
  expect(moved.publicKey.equals(leaf.publicKey)).toBe(true)
})
