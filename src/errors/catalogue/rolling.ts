import type { CatalogueEntries } from './entry.ts'

/** Why servers are not drained, restarted or upgraded. */
export const rollingFailures = {
  'TRI-DRAIN-001': {
    title: 'A server cannot be drained now',
    meaning:
      'It is the last of its tier that serves, or the rest is not well. The message says why; `--anyway` takes what visitors would notice. Nothing was changed.',
    exitCode: 1,
  },
  'TRI-DRAIN-002': {
    title: 'A server is not used again',
    meaning: 'It was put back into service, and the other servers do not find it well. They use it as soon as it is.',
    exitCode: 1,
  },
  'TRI-DRAIN-003': {
    title: 'A drain was reversed',
    meaning:
      'While the server was being drained, the others of its tier were lost. It was put back into service at once, since nobody else would have served.',
    exitCode: 1,
  },
  'TRI-ROLL-001': {
    title: 'A reboot or an upgrade stopped at a server',
    meaning:
      'Servers are worked on one after the other, and none before the last one is back in service. The same verb without names goes on where it stopped.',
    exitCode: 1,
  },
  'TRI-ROLL-002': {
    title: 'The servers are not as the file says',
    meaning: 'A reboot or an upgrade must not apply other changes, so what `plan` shows must be applied first.',
    exitCode: 1,
  },
  'TRI-ROLL-003': {
    title: 'A server did not come back, or not well',
    meaning: 'After its restart it does not answer, or one of its components is not well after five minutes.',
    exitCode: 1,
  },
  'TRI-UPGRADE-001': {
    title: "Debian's packages cannot be reached",
    meaning: 'apt-get could not fetch the lists of what is new. The servers of a lab have no way out of it.',
    exitCode: 1,
  },
  'TRI-UPGRADE-002': {
    title: 'Packages could not be upgraded',
    meaning: 'apt-get failed; its last words are shown. The server is drained, so no visitor is affected.',
    exitCode: 1,
  },
} as const satisfies CatalogueEntries
