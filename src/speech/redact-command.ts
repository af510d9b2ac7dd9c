import { hideSecrets } from './known-secrets.ts'
import { maskText } from './mask.ts'
import { visible } from './visible.ts'

/** The maximum length of a command; the rest is cut off. */
const longest = 200
/** A word, or quoted text with doubled or escaped quotes in it. */
const value = String.raw`(?:'(?:[^'\\]|''|\\.)*'|"(?:[^"\\]|\\.)*"|[^\s'"&;|]+)`
const secretName = String.raw`[\w-]*(?:passw(?:or)?d|passphrase|secret|token|api[-_]?key|credential)[\w-]*`

/** Patterns of undeclared secrets in commands. The secret follows the first group. */
const patterns: readonly RegExp[] = [
  new RegExp(`(${secretName}["']?\\s*[=:]\\s*)${value}`, 'gi'),
  new RegExp(`(--${secretName}\\s+)${value}`, 'gi'),
  // SQL: create role app password 'x'
  new RegExp(`(\\bpassword\\s+)(?:'(?:[^']|'')*'|\\$\\$.*?\\$\\$)`, 'gi'),
  new RegExp(`(\\bauthorization:\\s*\\w+\\s+)[^\\s'"]+`, 'gi'),
  /(\b[a-z][a-z\d+.-]*:\/\/[^\s/:@'"]*:)[^\s/@'"]+(?=@)/gi,
]

/**
 * A command in one line, for the audit trail: without known secrets, and without values that the command itself marks
 * as secret.
 */
export function redactCommand(command: string): string {
  const known = hideSecrets(command)
  const redacted = patterns.reduce((text, pattern) => text.replaceAll(pattern, `$1${maskText}`), known)
  const line = visible(redacted).replaceAll(/\s+/g, ' ').trim()
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line
}
