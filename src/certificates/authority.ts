import { createPrivateKey, createPublicKey, hkdfSync, type KeyObject } from 'node:crypto'
import { renderCertificate, type Subject } from './render-certificate.ts'

/** A certificate and its private key, as PEM. */
export interface Issued {
  readonly certificate: string
  readonly key: string
}

/** Issues certificates to those who may talk to each other for one purpose. Its own private key is on no server. */
export interface Authority {
  readonly certificate: string
  readonly issue: (subject: Subject) => Issued
}

/** By seed, stack and purpose: authorities are asked for again for each server. */
const knownAuthorities = new Map<string, Authority>()

/**
 * An authority of the stack's own. All of it follows from the seed and from names (Ed25519 signs the same thing the same
 * way), so that nothing has to be kept, and a second `up` finds every certificate as it is.
 */
export function authorityOf(seed: string, stack: string, purpose: string): Authority {
  const name = JSON.stringify([seed, stack, purpose])
  const authority = knownAuthorities.get(name) ?? createAuthority(seed, stack, purpose)
  knownAuthorities.set(name, authority)
  return authority
}

function createAuthority(seed: string, stack: string, purpose: string): Authority {
  const derive = (name: string): KeyObject => privateKeyFrom(hkdfSync('sha256', seed, stack, name, 32))
  const name = `${stack} ${purpose}`
  const key = derive(`authority of ${purpose}`)
  const issuer = { name, key, publicKey: createPublicKey(key) }
  const known = new Map<string, Issued>()
  const issue = (subject: Subject): Issued => {
    const own = derive(`${purpose} of ${subject.name}`)
    return {
      certificate: renderCertificate({ issuer, subject, publicKey: createPublicKey(own) }),
      key: own.export({ type: 'pkcs8', format: 'pem' }).toString(),
    }
  }
  return {
    certificate: renderCertificate({ issuer, subject: { name, addresses: [], uses: [] }, publicKey: issuer.publicKey }),
    issue: (subject) => {
      const issued = known.get(JSON.stringify(subject)) ?? issue(subject)
      known.set(JSON.stringify(subject), issued)
      return issued
    },
  }
}

/** What stands before the 32 bytes of an Ed25519 key in PKCS #8 (RFC 8410). */
const pkcs8 = Buffer.from('302e020100300506032b657004220420', 'hex')

const privateKeyFrom = (bytes: ArrayBuffer): KeyObject =>
  createPrivateKey({ key: Buffer.concat([pkcs8, Buffer.from(bytes)]), format: 'der', type: 'pkcs8' })
