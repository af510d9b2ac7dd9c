import type { CatalogueEntries } from './entry.ts'

/** What is wrong with a command as it was typed, and with what it writes here. */
export const commandLineFailures = {
  'TRI-USAGE-001': {
    title: 'The command was not understood',
    meaning: 'A word or a flag of the command makes no sense. Nothing was changed.',
    exitCode: 2,
  },
  'TRI-UI-001': {
    title: 'Nobody can confirm the change',
    meaning: 'The command asks before it changes servers, and its input is not a terminal. `--yes` answers beforehand.',
    exitCode: 2,
  },
  'TRI-FILE-001': {
    title: 'A file could not be written',
    meaning: 'The folder does not exist, is not writable, or its disk is full.',
    exitCode: 1,
  },
} as const satisfies CatalogueEntries
