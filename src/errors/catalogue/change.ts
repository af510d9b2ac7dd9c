import type { CatalogueEntries } from './entry.ts'

/** Why a plan is not made, not applied, or not finished. */
export const changeFailures = {
  'TRI-LOCK-001': {
    title: 'Another operator is changing the stack',
    meaning: 'Someone else applies to the same servers. Their lock goes when their command ends, even if it is killed.',
    exitCode: 1,
  },
  'TRI-PLAN-001': {
    title: 'The plan cannot be applied',
    meaning:
      'A server is not ready for it: a port is in use, the disk is full, another stack is there. Nothing was changed.',
    exitCode: 1,
  },
  'TRI-PLAN-002': {
    title: 'The servers changed since the plan was shown',
    meaning: 'A plan is applied only if the servers are still as they were. Look at the new plan and confirm it.',
    exitCode: 1,
  },
  'TRI-PLAN-003': {
    title: 'No server could be reached',
    meaning:
      'None of the servers answered, so there is nothing to plan with. Check the network and the SSH destinations.',
    exitCode: 1,
  },
  'TRI-APPLY-001': {
    title: 'The apply stopped',
    meaning: 'A step failed on a server and was rolled back there; servers changed before it keep their change.',
    exitCode: 1,
  },
  'TRI-STOP-001': {
    title: 'The command was interrupted',
    meaning:
      'Ctrl-C, a SIGTERM, or the signal of a program that uses the library asked it to stop. What had begun was finished, and nothing new was begun. The same command goes on from there.',
    exitCode: 1,
  },
  'TRI-VISIT-001': {
    title: 'Visitors are not served',
    meaning:
      'The change itself was made, and a request through the address of the site, as a visitor sends it, gets no answer of the app. The message says what it got, and who asked.',
    exitCode: 1,
  },
  'TRI-SCALE-001': {
    title: 'The config must be edited by hand',
    meaning:
      '`trimaran scale` changes a plain number, or shortens a plain list. It cannot name a new server, or change a computed number. The message shows the line.',
    exitCode: 2,
  },
  'TRI-REPLACE-001': {
    title: 'A server cannot be replaced now',
    meaning:
      'The old machine is alive and no other server can serve in its place, or data would be lost. The message says why. Nothing was changed.',
    exitCode: 1,
  },
  'TRI-REPLACE-002': {
    title: 'A server of the file is another machine now',
    meaning:
      'The file has another address for this server. The old machine may still run and act as this server: `trimaran replace` clears it first.',
    exitCode: 1,
  },
  'TRI-REPLACE-003': {
    title: 'The config must be edited by hand',
    meaning:
      '`trimaran replace` changes a destination that is written as plain text. It cannot change a computed one. The message shows the line.',
    exitCode: 2,
  },
} as const satisfies CatalogueEntries
