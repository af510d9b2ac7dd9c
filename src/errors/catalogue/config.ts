import type { CatalogueEntries } from './entry.ts'

/** What is wrong with the config, with what it names, and with the stack key. */
export const configFailures = {
  'TRI-CONFIG-001': {
    title: 'The config file was not found',
    meaning:
      'There is no trimaran.config.ts in this folder or above it: `trimaran init` writes one. Or a folder has several, such as one in TypeScript and one in JavaScript: remove one, or name the other with `--config`.',
    exitCode: 2,
  },
  'TRI-CONFIG-002': {
    title: 'The config file could not be loaded',
    meaning: 'The file has a syntax error, throws while it runs, or does not export a stack.',
    exitCode: 2,
  },
  'TRI-CONFIG-003': {
    title: 'The config has mistakes',
    meaning: 'Values are missing, unknown or out of range. Each mistake is listed with its path and a suggestion.',
    exitCode: 2,
  },
  'TRI-CONFIG-004': {
    title: 'This Node.js is too old',
    meaning: 'Node.js runs a typed config by itself from version 22.18 on. `npm install` brings one to a project.',
    exitCode: 1,
  },
  'TRI-CONFIG-005': {
    title: 'A config file is there already',
    meaning: '`trimaran init` writes a new file and never replaces one.',
    exitCode: 2,
  },
  'TRI-CONFIG-006': {
    title: 'A file that the config names cannot be read',
    meaning: 'The path is relative to the folder of the config. The file must exist and be readable.',
    exitCode: 2,
  },
  'TRI-CONFIG-007': {
    title: 'A secret of the app was not found',
    meaning:
      'Each name in `app.secrets` must be a variable of your environment, a line in `.env` beside the config, or have a command that prints it.',
    exitCode: 2,
  },
  'TRI-CONFIG-008': {
    title: 'A custom page cannot be used',
    meaning: 'A file that `pages` names is larger than 12 KB, is not text in UTF-8, or is not HTML.',
    exitCode: 2,
  },
  'TRI-SITE-001': {
    title: 'The config names no servers for production',
    meaning: 'Counts are enough for the lab. Production names an SSH destination for each server.',
    exitCode: 2,
  },
  'TRI-KEY-001': {
    title: 'The stack key is not usable',
    meaning:
      'Internal passwords derive from `.trimaran/key` or TRIMARAN_KEY. It must be the one the stack was set up with.',
    exitCode: 2,
  },
} as const satisfies CatalogueEntries
