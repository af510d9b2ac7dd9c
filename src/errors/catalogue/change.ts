import type { CatalogueEntries } from './entry.ts'

/** Why a plan is not made, not applied, or not finished. */
export const changeFailures = {
  'TRI-LOCK-001': {
    title: 'Another operator is changing the stack',
    meaning: 'Someone else applies to the same servers. Their lock goes when their command ends, even if it is killed.',
    exitCode: 1,
  },
  'TRI-PLAN-001': {
    title: 'Something stands in the way of the plan',
    meaning:
      'A server is not what it must be: a port is taken, the disk is full, another stack lives there. Nothing was changed.',
    exitCode: 1,
  },
  'TRI-PLAN-002': {
    title: 'The servers changed since the plan was shown',
    meaning: 'A plan is applied only to what it was made for. Look at the new plan and confirm it.',
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
      '`trimaran scale` changes a plain number, or shortens a plain list. It cannot invent a server, nor find out where a computed number comes from. The message shows the line.',
    exitCode: 2,
  },
  'TRI-REPLACE-001': {
    title: "A server's place cannot go to another machine now",
    meaning:
      'The old one lives and nobody serves in its place, or data would be lost. The message says why. Nothing was changed.',
    exitCode: 1,
  },
  'TRI-REPLACE-002': {
    title: 'A server of the file is another machine now',
    meaning:
      'Its place in the file was given to another address. The old machine may still be at work, and take itself for that server: `trimaran replace` clears it first.',
    exitCode: 1,
  },
  'TRI-REPLACE-003': {
    title: 'The config must be edited by hand',
    meaning:
      '`trimaran replace` changes a destination that is written out in its list. It does not guess where a computed one comes from. The message shows the line.',
    exitCode: 2,
  },
} as const satisfies CatalogueEntries
