import type { CatalogueEntries } from './entry.ts'

/** Why a server cannot be reached, or does not do what it is told. */
export const connectionFailures = {
  'TRI-SSH-001': {
    title: 'A server did not answer',
    meaning: 'No SSH connection could be opened: wrong name, no network, server off, or a firewall in between.',
    remedy:
      'Try `ssh` by hand with the same destination. A server that is off is switched on; a wrong name is corrected in the config or in your SSH config.',
    exitCode: 1,
  },
  'TRI-SSH-002': {
    title: 'A server refused the key',
    meaning: 'The server answered but accepted none of the keys that SSH offered, or its own host key has changed.',
    remedy:
      '`ssh-add -l` lists the keys that are offered. Where a server was reinstalled, `ssh-keygen -R HOST`, then `ssh` by hand once, and compare the fingerprint.',
    exitCode: 1,
  },
  'TRI-SSH-003': {
    title: 'No root rights on a server',
    meaning: 'The SSH user is not root and may not use sudo without a password.',
    remedy:
      "Log in as root, or let the user use sudo without a password: `echo 'USER ALL=(ALL) NOPASSWD:ALL' >/etc/sudoers.d/USER`.",
    exitCode: 1,
  },
  'TRI-SSH-004': {
    title: 'The connection to a server broke',
    meaning:
      'It was lost while a script ran there. The script still runs to its end; run the command again to see what it did.',
    remedy:
      'Run the command again: it waits for what is still at work there, and goes on. If it happens often, look at the network in between.',
    exitCode: 1,
  },
  'TRI-SSH-005': {
    title: 'A server took too long',
    meaning:
      'A script did not end within its deadline. The command stopped waiting; the script may still end on the server.',
    remedy: 'Look at the server: `uptime`, `df -h`, `dmesg`. Then run the command again.',
    exitCode: 1,
  },
  'TRI-SSH-006': {
    title: 'A file could not be placed on a server',
    meaning:
      'The folder is missing, the disk is full, or the file arrived damaged. What stood there before is untouched.',
    remedy: '`trimaran exec SERVER -- df -h` shows a full disk. Then run the command again.',
    exitCode: 1,
  },
  'TRI-SSH-007': {
    title: 'SSH cannot be used',
    meaning:
      'OpenSSH is missing here, its config has a mistake, or the server accepts the login but cannot run a bash script.',
    remedy:
      'Install `openssh-client`, correct the line that SSH names, or give the user a normal shell. `ssh SERVER true` has to end with 0.',
    exitCode: 1,
  },
  'TRI-SSH-008': {
    title: 'An answer is too large',
    meaning:
      'A server sent more than any real answer has. The answer is dropped, so that the other servers are not affected.',
    remedy: 'Look who is root there: an honest server does not do that. The other servers are worked on as usual.',
    exitCode: 1,
  },
  'TRI-SERVER-001': {
    title: 'No such server',
    meaning: 'The name is neither a server nor a tier of this stack.',
    remedy: 'The message lists the servers. `trimaran explain` shows what each of them is.',
    exitCode: 2,
  },
} as const satisfies CatalogueEntries
