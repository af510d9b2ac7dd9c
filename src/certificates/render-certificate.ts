import { createHash, type KeyObject, sign } from 'node:crypto'
import { AsnConvert, OctetString } from '@peculiar/asn1-schema'
import * as x509 from '@peculiar/asn1-x509'

/** To whom a certificate is issued. */
export interface Subject {
  /** The common name: a server, or a user. */
  readonly name: string
  /** The IPv4 addresses at which it is called; none for who only calls. */
  readonly addresses: readonly string[]
  readonly uses: readonly Use[]
}

export type Use = 'server' | 'client'

export interface Issuing {
  readonly issuer: { readonly name: string; readonly key: KeyObject; readonly publicKey: KeyObject }
  /** Without uses it is the issuer itself. */
  readonly subject: Subject
  readonly publicKey: KeyObject
}

const ed25519 = new x509.AlgorithmIdentifier({ algorithm: '1.3.101.112' })
const commonName = '2.5.4.3'
const purposes: Readonly<Record<Use, string>> = { server: x509.id_kp_serverAuth, client: x509.id_kp_clientAuth }

/**
 * Since ever and for ever, as RFC 5280 (4.1.2.5) writes it: a server whose clock is wrong, or that has none when it boots,
 * must not lose its etcd member to that.
 */
const validity = new x509.Validity({ notBefore: new Date(0), notAfter: new Date(Date.UTC(9999, 11, 31, 23, 59, 59)) })

/** An X.509 certificate (RFC 5280) as PEM. */
export function renderCertificate({ issuer, subject, publicKey }: Issuing): string {
  const content = new x509.TBSCertificate({
    version: x509.Version.v3,
    serialNumber: serialOf(issuer.name, subject),
    signature: ed25519,
    issuer: nameOf(issuer.name),
    validity,
    subject: nameOf(subject.name),
    subjectPublicKeyInfo: AsnConvert.parse(derOf(publicKey), x509.SubjectPublicKeyInfo),
    extensions: new x509.Extensions(extensionsOf(issuer.publicKey, subject, publicKey)),
  })
  const certificate = new x509.Certificate({
    tbsCertificate: content,
    signatureAlgorithm: ed25519,
    signatureValue: exact(sign(null, Buffer.from(AsnConvert.serialize(content)), issuer.key)),
  })
  return pem(Buffer.from(AsnConvert.serialize(certificate)))
}

function extensionsOf(issuer: KeyObject, { addresses, uses }: Subject, own: KeyObject): x509.Extension[] {
  const isAuthority = uses.length === 0
  const usage = isAuthority ? x509.KeyUsageFlags.keyCertSign : x509.KeyUsageFlags.digitalSignature
  const names = addresses.map((iPAddress) => new x509.GeneralName({ iPAddress }))
  const issuedBy = new x509.AuthorityKeyIdentifier({ keyIdentifier: new x509.KeyIdentifier(idOf(issuer)) })
  return [
    extension(
      x509.id_ce_basicConstraints,
      new x509.BasicConstraints({ cA: isAuthority, ...(isAuthority && { pathLenConstraint: 0 }) }),
      true,
    ),
    extension(x509.id_ce_keyUsage, new x509.KeyUsage(usage), true),
    extension(x509.id_ce_subjectKeyIdentifier, new x509.SubjectKeyIdentifier(idOf(own)), false),
    extension(x509.id_ce_authorityKeyIdentifier, issuedBy, false),
    ...(isAuthority
      ? []
      : [extension(x509.id_ce_extKeyUsage, new x509.ExtendedKeyUsage(uses.map((use) => purposes[use])), false)]),
    ...(names.length === 0
      ? []
      : [extension(x509.id_ce_subjectAltName, new x509.SubjectAlternativeName(names), false)]),
  ]
}

const extension = (extnID: string, value: object, critical: boolean): x509.Extension =>
  new x509.Extension({ extnID, critical, extnValue: new OctetString(AsnConvert.serialize(value)) })

const nameOf = (name: string): x509.Name =>
  new x509.Name([
    new x509.RelativeDistinguishedName([
      new x509.AttributeTypeAndValue({ type: commonName, value: new x509.AttributeValue({ utf8String: name }) }),
    ]),
  ])

/** Positive, and another one for each content: a server that moved has another certificate. */
function serialOf(issuer: string, subject: Subject): ArrayBuffer {
  const bytes = createHash('sha256')
    .update(JSON.stringify([issuer, subject]))
    .digest()
    .subarray(0, 16)
  bytes[0] = (bytes[0]! & 0x7f) | 0x40
  return exact(bytes)
}

const derOf = (key: KeyObject): Buffer => key.export({ type: 'spki', format: 'der' })
const idOf = (key: KeyObject): ArrayBuffer => exact(createHash('sha256').update(derOf(key)).digest().subarray(0, 20))

/** The bytes alone: a Buffer may be a part of a larger one. */
const exact = (bytes: Buffer): ArrayBuffer => new Uint8Array(bytes).buffer

const pem = (bytes: Buffer): string =>
  `-----BEGIN CERTIFICATE-----\n${bytes.toString('base64').replaceAll(/.{1,64}/g, '$&\n')}-----END CERTIFICATE-----\n`
