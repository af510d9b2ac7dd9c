import type { CatalogueEntries } from './entry.ts'

/** What is wrong with a command as it was typed, and with what it writes here. */
export const commandLineFailures = {
  'TRI-USAGE-001': {
    title: 'The command was not understood',
    meaning: 'An argument or a flag of the command is wrong. Nothing was changed.',
    remedy: 'The message names the words that the verb takes; `--help` after the verb lists its flags.',
    exitCode: 2,
  },
  'TRI-UI-001': {
    title: 'Nobody can confirm the change',
    meaning:
      'The command asks before it changes servers, but its input is not a terminal. Add `--yes` to confirm without a question.',
    remedy: 'In CI, look at `trimaran plan` in one job, and run the command with `--yes` in the next.',
    exitCode: 2,
  },
  'TRI-FILE-001': {
    title: 'A file could not be written',
    meaning: 'The folder does not exist, is not writable, or its disk is full.',
    remedy: 'Name another file, or make room: `df -h .` shows the disk.',
    exitCode: 1,
  },
} as const satisfies CatalogueEntries
