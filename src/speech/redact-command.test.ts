import { expect, it } from 'vitest'
import { learnSecret } from './known-secrets.ts'
import { redactCommand } from './redact-command.ts'

it.each([
  ['uptime', 'uptime'],
  ['echo known-to-us-all', 'echo ***'],
  [
    `psql -c "alter role app password 'it''s x' valid until 'x'"`,
    `psql -c "alter role app password *** valid until 'x'"`,
  ],
  ['PGPASSWORD=abc psql', 'PGPASSWORD=*** psql'],
  [`curl -H 'Authorization: Bearer abc.def' http://x`, `curl -H 'Authorization: Bearer ***' http://x`],
  ['curl https://u:pw@host/', 'curl https://u:***@host/'],
  ['tool --api-token abc --password=def "--secret" x', 'tool --api-token *** --password=*** "--secret" x'],
  [`curl -d '{"password":"abc"}' http://x`, `curl -d '{"password":***}' http://x`],
  ['ls\n\u001B[2J  -l', String.raw`ls \x1b[2J -l`],
  ['x'.repeat(300), `${'x'.repeat(199)}…`],
])('keeps of %j %j', (command, kept) => {
  learnSecret('known-to-us-all')
  expect(redactCommand(command)).toBe(kept)
})
