import type { CatalogueEntries } from './entry.ts'

/** Why a plan is not made, not applied, or not finished. */
export const changeFailures = {
  'TRI-LOCK-001': {
    title: 'Another operator is changing the stack',
    meaning: 'Someone else applies to the same servers. Their lock goes when their command ends, even if it is killed.',
    remedy:
      'Wait for the operator that the message names, or let the command wait: `--wait 600`. Nothing has to be removed by hand.',
    exitCode: 1,
  },
  'TRI-PLAN-001': {
    title: 'The plan cannot be applied',
    meaning:
      'A server is not ready for it: a port is in use, the disk is full, another stack is there. Nothing was changed.',
    remedy:
      'Do what the line with the arrow says for each server, then run the same command again. `trimaran check` shows the same, with more reasons.',
    exitCode: 1,
  },
  'TRI-PLAN-002': {
    title: 'The servers changed since the plan was shown',
    meaning: 'A plan is applied only if the servers are still as they were. Look at the new plan and confirm it.',
    remedy:
      'Run the command again and read the new plan. If somebody else is at work on the stack, `trimaran history` says who.',
    exitCode: 1,
  },
  'TRI-PLAN-003': {
    title: 'No server could be reached',
    meaning:
      'None of the servers answered, so there is nothing to plan with. Check the network and the SSH destinations.',
    remedy:
      'Try `ssh` to one of the servers by hand. If that works, look at the destinations in the config and at your SSH config; `trimaran check` names each server.',
    exitCode: 1,
  },
  'TRI-APPLY-001': {
    title: 'The apply stopped',
    meaning: 'A step failed on a server and was rolled back there; servers changed before it keep their change.',
    remedy:
      'Read the output of the step that failed, fix its cause, and run the command again: it goes on from there. `trimaran plan` shows what is left.',
    exitCode: 1,
  },
  'TRI-STOP-001': {
    title: 'The command was interrupted',
    meaning:
      'Ctrl-C, a SIGTERM, or the signal of a program that uses the library asked it to stop. What had begun was finished, and nothing new was begun. The same command goes on from there.',
    remedy: 'Run the same command again when it suits you. `trimaran plan` shows what is left.',
    exitCode: 1,
  },
  'TRI-VISIT-001': {
    title: 'Visitors are not served',
    meaning:
      'The change itself was made, and a request through the address of the site, as a visitor sends it, gets no answer of the app. The message says what it got, and who asked.',
    remedy:
      '`trimaran status` names the tier that does not answer. If the change is the cause, `trimaran rollback` goes back to the release before; [Outage](../outage.md) goes through the causes by what a visitor gets.',
    exitCode: 1,
  },
  'TRI-SCALE-001': {
    title: 'The config must be edited by hand',
    meaning:
      '`trimaran scale` changes a plain number, or shortens a plain list. It cannot name a new server, or change a computed number. The message shows the line.',
    remedy:
      'Write the number, or the destinations, into the file where the message points, look at `trimaran plan`, and run `trimaran up`.',
    exitCode: 2,
  },
  'TRI-REPLACE-001': {
    title: 'A server cannot be replaced now',
    meaning:
      'The old machine is alive and no other server can serve in its place, or data would be lost. The message says why. Nothing was changed.',
    remedy:
      'Bring the other servers of its tier back first, or, where the message says so, add `--anyway` and restore a backup afterwards.',
    exitCode: 1,
  },
  'TRI-REPLACE-002': {
    title: 'A server of the file is another machine now',
    meaning:
      'The file has another address for this server. The old machine may still run and act as this server: `trimaran replace` clears it first.',
    remedy:
      'If the old machine is to go, `trimaran replace SERVER`. If the file is wrong, put the old destination back.',
    exitCode: 1,
  },
  'TRI-REPLACE-003': {
    title: 'The config must be edited by hand',
    meaning:
      '`trimaran replace` changes a destination that is written as plain text. It cannot change a computed one. The message shows the line.',
    remedy:
      'Write the new destination into the file where the message points, then `trimaran replace SERVER` without a destination.',
    exitCode: 2,
  },
} as const satisfies CatalogueEntries
