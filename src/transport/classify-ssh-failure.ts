import type { FailureCode } from '../errors/catalogue.ts'
import { failure, type FailureFacts, type TrimaranError } from '../errors/failure.ts'
import { sshAsTyped } from './ssh-command.ts'
import type { Place } from './transport.ts'

interface Reason {
  readonly pattern: RegExp
  readonly code: FailureCode
  readonly facts: (place: Place, words: string) => FailureFacts
}

/**
 * Puts what ssh said when it could not connect into the operator's words. The last line of ssh's own stays below
 * them, since it names addresses and ports.
 */
export function classifySshFailure(place: Place, words: string): TrimaranError {
  const reason = reasons.find(({ pattern }) => pattern.test(words)) ?? anythingElse
  const { why, ...facts } = reason.facts(place, words)
  return failure(reason.code, { ...facts, why: [why, lastLine(words)].filter(Boolean).join('\n') })
}

const unreachable = (why: string, next: (place: Place) => string) => (place: Place) => ({
  what: `${place.name} does not answer`,
  why,
  next: next(place),
})

const sees = (place: Place): string => `See what \`${sshAsTyped(place)}\` says`

/** In this order: the first that fits. Written from the messages of OpenSSH 9.2 and 10.0. */
const reasons: readonly Reason[] = [
  {
    pattern: /REMOTE HOST IDENTIFICATION HAS CHANGED|host key for .* has changed/i,
    code: 'TRI-SSH-002',
    facts: (place, words) => ({
      what: `${place.name} shows another host key than before`,
      why: 'The server was installed anew, its address went to another server, or someone listens in between',
      next: forgetCommand(words)
        ? `When you know why it changed: \`${forgetCommand(words)}\`, then \`${sshAsTyped(place)}\` to accept the new one`
        : `When you know why it changed, remove the old key from known_hosts, then \`${sshAsTyped(place)}\``,
    }),
  },
  {
    pattern: /Host key verification failed|No .* host key is known/i,
    code: 'TRI-SSH-002',
    facts: (place) => ({
      what: `The host key of ${place.name} is not known yet`,
      why: 'SSH has never been told that this server is the right one',
      next: `\`${sshAsTyped(place)}\` once, compare the fingerprint, and accept it`,
    }),
  },
  {
    pattern: /Permission denied|Too many authentication failures|No supported authentication methods/i,
    code: 'TRI-SSH-002',
    facts: (place) => ({
      what: `${place.name} accepts none of your keys`,
      why: 'The server answered, but wants another user, another key, or a passphrase that the agent does not hold',
      next: `Make \`${sshAsTyped(place)}\` work without a password; \`ssh-add -l\` lists the keys that are offered`,
    }),
  },
  {
    pattern: /Could not resolve hostname/i,
    code: 'TRI-SSH-001',
    facts: unreachable(
      'Its name leads nowhere',
      (place) => `Correct \`${place.destination}\` in the config, or in your SSH config`,
    ),
  },
  {
    pattern: /Connection refused/i,
    code: 'TRI-SSH-001',
    facts: unreachable('The machine is on, but no SSH server listens there', sees),
  },
  {
    pattern: /No route to host|Network is unreachable/i,
    code: 'TRI-SSH-001',
    facts: unreachable('No way leads there: the server is off, or the network in between is', sees),
  },
  {
    pattern: /timed? ?out|Timeout/i,
    code: 'TRI-SSH-001',
    facts: unreachable('No answer in time: the server is off or frozen, or a firewall drops what we send', sees),
  },
  {
    pattern:
      /Bad configuration option|terminating, \d+ bad configuration|Can't open user config file|Bad owner or permissions/i,
    code: 'TRI-SSH-007',
    facts: (place) => ({
      what: `SSH does not accept its own config for ${place.name}`,
      next: `Correct the line that it names; \`${sshAsTyped(place)}\` shows the same`,
    }),
  },
  {
    pattern: /Connection (closed|reset)|kex_exchange_identification|Broken pipe/i,
    code: 'TRI-SSH-001',
    facts: unreachable(
      'The connection was cut before it was open; the server may be starting, or under too many connections',
      sees,
    ),
  },
]

const anythingElse: Reason = { pattern: /^/, code: 'TRI-SSH-001', facts: unreachable('', sees) }

const forgetCommand = (words: string): string | undefined => /ssh-keygen -f .*$/m.exec(words)?.[0].trim()

const lastLine = (words: string): string => words.trim().split('\n').at(-1)!.trim()
