import type { CatalogueEntries } from './entry.ts'

/** Why a server cannot be reached, or does not do what it is told. */
export const connectionFailures = {
  'TRI-SSH-001': {
    title: 'A server did not answer',
    meaning: 'No SSH connection could be opened: wrong name, no network, server off, or a firewall in between.',
    exitCode: 1,
  },
  'TRI-SSH-002': {
    title: 'A server refused the key',
    meaning: 'The server answered but accepted none of the keys that SSH offered, or its own host key has changed.',
    exitCode: 1,
  },
  'TRI-SSH-003': {
    title: 'No root rights on a server',
    meaning: 'The SSH user is not root and may not use sudo without a password.',
    exitCode: 1,
  },
  'TRI-SSH-004': {
    title: 'The connection to a server broke',
    meaning:
      'It was lost while a script ran there. The script still runs to its end; run the command again to see what it did.',
    exitCode: 1,
  },
  'TRI-SSH-005': {
    title: 'A server took too long',
    meaning:
      'A script did not end within its deadline. The command stopped waiting; the script may still end on the server.',
    exitCode: 1,
  },
  'TRI-SSH-006': {
    title: 'A file could not be placed on a server',
    meaning:
      'The folder is missing, the disk is full, or the file arrived damaged. What stood there before is untouched.',
    exitCode: 1,
  },
  'TRI-SSH-007': {
    title: 'SSH cannot be used',
    meaning:
      'OpenSSH is missing here, its config has a mistake, or the server accepts the login but cannot run a bash script.',
    exitCode: 1,
  },
  'TRI-SSH-008': {
    title: 'An answer is too large',
    meaning:
      'A server sent more than any real answer has. The answer is dropped, so that the other servers are not affected.',
    exitCode: 1,
  },
  'TRI-SERVER-001': {
    title: 'No such server',
    meaning: 'The name is neither a server nor a tier of this stack.',
    exitCode: 2,
  },
} as const satisfies CatalogueEntries
