import type { FailureCode } from '../errors/catalogue.ts'
import { failure, type FailureFacts, type TrimaranError } from '../errors/failure.ts'
import { sshAsTyped } from './ssh-command.ts'
import type { Target } from './transport.ts'

interface Reason {
  readonly pattern: RegExp
  readonly code: FailureCode
  readonly facts: (target: Target, words: string) => FailureFacts
}

/**
 * Explains in plain words why ssh could not connect. The last line of ssh's own message stays below, since it names addresses
 * and ports.
 */
export function classifySshFailure(target: Target, words: string): TrimaranError {
  const reason = reasons.find(({ pattern }) => pattern.test(words)) ?? anythingElse
  const { why, ...facts } = reason.facts(target, words)
  return failure(reason.code, { ...facts, why: [why, lastLine(words)].filter(Boolean).join('\n') })
}

const unreachable = (why: string, next: (target: Target) => string) => (target: Target) => ({
  what: `${target.name} does not answer`,
  why,
  next: next(target),
})

const sees = (target: Target): string => `See what \`${sshAsTyped(target)}\` says`

/** The first pattern that fits counts. Written from the messages of OpenSSH 9.2 and 10.0. */
const reasons: readonly Reason[] = [
  {
    pattern: /REMOTE HOST IDENTIFICATION HAS CHANGED|host key for .* has changed/i,
    code: 'TRI-SSH-002',
    facts: (target, words) => ({
      what: `${target.name} shows another host key than before`,
      why: 'The server was reinstalled, its address went to another server, or someone listens in between',
      next: forgetCommand(words)
        ? `When you know why it changed: \`${forgetCommand(words)}\`, then \`${sshAsTyped(target)}\` to accept the new one`
        : `When you know why it changed, remove the old key from known_hosts, then \`${sshAsTyped(target)}\``,
    }),
  },
  {
    pattern: /Host key verification failed|No .* host key is known/i,
    code: 'TRI-SSH-002',
    facts: (target) => ({
      what: `The host key of ${target.name} is not known yet`,
      why: 'known_hosts has no key of this server',
      next: `\`${sshAsTyped(target)}\` once, compare the fingerprint, and accept it`,
    }),
  },
  {
    pattern: /Permission denied|Too many authentication failures|No supported authentication methods/i,
    code: 'TRI-SSH-002',
    facts: (target) => ({
      what: `${target.name} accepts none of your keys`,
      why: 'The server answered, but wants another user, another key, or a passphrase that the agent does not hold',
      next: `Make \`${sshAsTyped(target)}\` work without a password; \`ssh-add -l\` lists the keys that are offered`,
    }),
  },
  {
    pattern: /Could not resolve hostname/i,
    code: 'TRI-SSH-001',
    facts: unreachable(
      'The host name does not resolve',
      (target) => `Correct \`${target.destination}\` in the config, or in your SSH config`,
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
    facts: unreachable('No route to host: the server is off, or the network in between is', sees),
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
    facts: (target) => ({
      what: `SSH does not accept its own config for ${target.name}`,
      next: `Correct the line that it names; \`${sshAsTyped(target)}\` shows the same`,
    }),
  },
  {
    pattern: /Connection (closed|reset)|kex_exchange_identification|Broken pipe/i,
    code: 'TRI-SSH-001',
    facts: unreachable(
      'The connection was cut before it was open; the server may be starting, or have too many connections',
      sees,
    ),
  },
]

const anythingElse: Reason = { pattern: /^/, code: 'TRI-SSH-001', facts: unreachable('', sees) }

const forgetCommand = (words: string): string | undefined => /ssh-keygen -f .*$/m.exec(words)?.[0].trim()

const lastLine = (words: string): string => words.trim().split('\n').at(-1)!.trim()
