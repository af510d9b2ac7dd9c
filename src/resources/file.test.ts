import { expect, it } from 'vitest'
import { fileKind } from './file.ts'
import type { File } from './resource.ts'

const env: File = { kind: 'file', path: '/etc/app.env', content: '', owner: 'root', group: 'root', mode: '0600' }

function reasonFor(before: string, after: string, secret = true): string | undefined {
  const { mode, owner, group } = env
  const facts = new Map([[env.path, { mode, owner, group, content: before }]])
  return fileKind.close([{ ...env, content: after, secret }], facts, { triggers: [] })[0]?.reason
}

it('names the variables of a secret file that differ, and never their values', () => {
  const before = '# Placed by Trimaran\nA="1"\nTOKEN="old\nA=no variable"\nGONE="x"\n'
  const after = '# Placed by Trimaran\nA="1"\nTOKEN="new"\nADDED="a\\"b"\n'
  expect(reasonFor(before, after)).toBe('has other content: other values of TOKEN; new: ADDED; no longer: GONE')
})

it.each([
  ['what is no file of variables', 'user:hash\n', 'A="1"\n', true],
  ['what is shown as a diff anyway', 'A="1"\n', 'A="2"\n', false],
  ['comments alone', '# one\nA="1"\n', '# two\nA="1"\n', true],
] as const)('names none for %s', (_, before, after, secret) => {
  expect(reasonFor(before, after, secret)).toBe('has other content')
})
