import type { CatalogueEntries } from './entry.ts'

/** What goes wrong with a lab on this computer. */
export const labFailures = {
  'TRI-LAB-001': {
    title: 'This computer cannot hold a lab',
    meaning: 'A lab needs Linux, root, namespaces and a few Debian packages; the message lists what is missing.',
    remedy:
      "Install what is missing: `npm start` in Trimaran's own folder does. A virtual machine with Debian 13 can always hold a lab.",
    exitCode: 1,
  },
  'TRI-LAB-002': {
    title: 'The image of the lab servers could not be built',
    meaning: 'Downloading or installing Debian failed. Nothing incomplete is kept; the next run starts clean.',
    remedy:
      '`apt-get update` shows whether the mirror answers. A package that does not exist is corrected in the config: `app.runtime.packages`, `database.packages`.',
    exitCode: 1,
  },
  'TRI-LAB-003': {
    title: 'A lab server did not start',
    meaning: 'The server was booted but its SSH did not answer in time. Its console log says why.',
    remedy:
      'Run `trimaran up --lab` again. If that does not help, `trimaran lab down` and start again: a new lab takes little time.',
    exitCode: 1,
  },
  'TRI-LAB-004': {
    title: 'No such lab or lab server',
    meaning: 'The name is not among the labs, or not among the servers of the lab, on this computer.',
    remedy: '`trimaran lab list` shows all labs. `trimaran up --lab` makes the one of this project.',
    exitCode: 2,
  },
  'TRI-LAB-005': {
    title: 'The lab belongs to another folder',
    meaning:
      'A lab with the same name was made from another project. Rename one of the stacks, or remove the other lab with `trimaran lab down NAME`.',
    remedy:
      '`trimaran lab list` shows the folder of each lab. `trimaran lab down NAME` works even if that folder is gone.',
    exitCode: 1,
  },
  'TRI-LAB-006': {
    title: 'Packages for lab servers could not be had',
    meaning:
      'Lab servers have no way to a Debian mirror: this computer downloads the packages that a running lab still lacks, and sends them. No server was changed.',
    remedy:
      '`apt-get update` shows whether the mirror answers. A package that does not exist is corrected in the config: `app.runtime.packages`, `database.packages`.',
    exitCode: 1,
  },
} as const satisfies CatalogueEntries
