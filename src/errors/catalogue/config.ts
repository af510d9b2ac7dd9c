import type { CatalogueEntries } from './entry.ts'

/** What is wrong with the config, with what it names, and with the stack key. */
export const configFailures = {
  'TRI-CONFIG-001': {
    title: 'The config file was not found',
    meaning:
      'There is no trimaran.config.ts in this folder or above it: `trimaran init` writes one. Or a folder has several, such as one in TypeScript and one in JavaScript: remove one, or name the other with `--config`.',
    remedy: 'Change to the folder of the app, or name the file: `--config FILE`.',
    exitCode: 2,
  },
  'TRI-CONFIG-002': {
    title: 'The config file could not be loaded',
    meaning: 'The file has a syntax error, throws while it runs, or does not export a stack.',
    remedy: 'The message shows the line. `npx tsc --noEmit trimaran.config.ts` finds mistakes of types, too.',
    exitCode: 2,
  },
  'TRI-CONFIG-003': {
    title: 'The config has mistakes',
    meaning: 'Values are missing, unknown or out of range. Each mistake is listed with its path and a suggestion.',
    remedy: 'Change what is listed, line by line. The [config reference](config.md) has every setting with an example.',
    exitCode: 2,
  },
  'TRI-CONFIG-004': {
    title: 'This Node.js is too old',
    meaning: 'Node.js runs a typed config by itself from version 22.18 on. `npm install` brings one to a project.',
    remedy:
      '`npm install --save-dev node@24` in the folder of the config, and start the command with `npx` or from an npm script.',
    exitCode: 1,
  },
  'TRI-CONFIG-005': {
    title: 'A config file is there already',
    meaning: '`trimaran init` writes a new file and never replaces one.',
    remedy: 'Edit the file that is there, or move it away and run `trimaran init` again.',
    exitCode: 2,
  },
  'TRI-CONFIG-006': {
    title: 'A file that the config names cannot be read',
    meaning: 'The path is relative to the folder of the config. The file must exist and be readable.',
    remedy: 'Check the path and its spelling; `trimaran check` looks at all files that the config names.',
    exitCode: 2,
  },
  'TRI-CONFIG-007': {
    title: 'A secret of the app was not found',
    meaning:
      'Each name in `app.secrets` must be a variable of your environment, a line in `.env` beside the config, or have a command that prints it.',
    remedy:
      'Run the command of the secret by hand in the folder of the config, or set the variable: `export NAME=…`, or a line in `.env` that git ignores. [Secrets](../secrets.md) has all ways.',
    exitCode: 2,
  },
  'TRI-CONFIG-008': {
    title: 'A custom page cannot be used',
    meaning: 'A file that `pages` names is larger than 12 KB, is not text in UTF-8, or is not HTML.',
    remedy:
      'Put styles into the page, and pictures as SVG or small `data:` URLs. What is larger belongs in `web.root`, and is linked from the page.',
    exitCode: 2,
  },
  'TRI-CONFIG-009': {
    title: 'No app was found that could be set up',
    meaning:
      '`trimaran init` looks at the files of a folder for what an app is made with. It writes nothing where it finds none, where servers have no runtime for it, or in a home folder.',
    remedy:
      "Run it in the app's own folder, or name the command: `trimaran init --start './server'`. [Apps](../apps/README.md) says what is known, and what each kind needs.",
    exitCode: 2,
  },
  'TRI-CONFIG-010': {
    title: 'DATABASE_URL has no parts to refer to',
    meaning:
      'The database is not part of the stack, and `app.env` refers to parts of it, such as `database.host`. They are taken from `DATABASE_URL` (or from `DATABASE_DIRECT_URL` or `DATABASE_REPLICA_URL`), which must be a URL with one host.',
    remedy:
      'Write it as `postgres://user:password@db.example.com:5432/name`, with letters such as `@` and `/` in the password encoded.',
    exitCode: 2,
  },
  'TRI-SITE-001': {
    title: 'The config names no servers for production',
    meaning: 'Counts are enough for the lab. Production names an SSH destination for each server.',
    remedy:
      "Write `servers: ['web-a.example.com']` for each tier, or add `--lab`. [Production](../production.md) says what the servers need.",
    exitCode: 2,
  },
  'TRI-KEY-001': {
    title: 'The stack key is not usable',
    meaning:
      'Internal passwords derive from `.trimaran/key` or TRIMARAN_KEY. It must be the one the stack was set up with.',
    remedy:
      'Bring the key from where you keep it. If it is lost, [Outage](../outage.md#the-stack-key-is-lost) says what to do.',
    exitCode: 2,
  },
} as const satisfies CatalogueEntries
