import { failure } from '../../errors/failure.ts'
import { learnSecret } from '../../speech/known-secrets.ts'
import { maskText } from '../../speech/mask.ts'

/** A PostgreSQL that serves elsewhere. */
export interface LiveSource {
  /** With everything but the password. */
  readonly url: string
  readonly password: string
  /** For people: without parameters, and with a mask in the place of the password. */
  readonly shown: string
}

/** Also what was meant as an address, such as `postgresql//ana:secret@host`: a message about a file would name it with its password. */
export const isUrl = (source: string): boolean => /^[a-z]+:\/\/|^(?:[a-z]+:?\/{0,2})?[^/\s:]+:[^/\s]+@/i.test(source)

/**
 * Reads the address of a server. The password stands in it, or in `PGPASSWORD`; from here on it is masked everywhere, and travels
 * apart from the rest: programs get it in their environment, which other users of a server cannot read.
 * @throws TRI-IMPORT-001
 */
export function readLiveSource(source: string, env: NodeJS.ProcessEnv = process.env): LiveSource {
  const url = URL.canParse(source) ? new URL(source) : undefined
  if (url === undefined || !/^postgres(?:ql)?:$/.test(url.protocol))
    throw noUrl('its form is postgresql://user:password@host:5432/database')
  if (url.hostname === '' || url.searchParams.has('host')) throw noUrl('it names no host that servers could reach')
  if (url.searchParams.has('password') || url.searchParams.has('sslpassword'))
    throw noUrl('a password stands before the host and nowhere else: postgresql://user:password@host/database')
  const password = url.password === '' ? (env['PGPASSWORD'] ?? '') : decode(url.password)
  if (password !== '') learnSecret(password)
  if (url.password !== '') learnSecret(url.password)
  const database = decode(url.pathname.slice(1)) || decode(url.username)
  if (url.username === '' || database === '') throw noUrl('it names no user, or no database')
  url.password = ''
  const mask = password === '' ? '' : `:${maskText}`
  return { url: url.href, password, shown: `postgresql://${url.username}${mask}@${url.host}/${database}` }
}

/** As it is written where it is no such code. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

const noUrl = (why: string) =>
  failure('TRI-IMPORT-001', {
    what: 'The address of the database to import cannot be read',
    why,
    state: 'nothing was changed',
  })
