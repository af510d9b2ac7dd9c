import type { CatalogueEntries } from './entry.ts'

/** Why servers are not drained, restarted or upgraded. */
export const rollingFailures = {
  'TRI-DRAIN-001': {
    title: 'A server cannot be drained now',
    meaning:
      'It is the last of its tier that serves, or the others are not well. The message says why; `--anyway` drains it although visitors will notice. Nothing was changed.',
    remedy: 'Bring the other servers of the tier back, or add one, and drain it then.',
    exitCode: 1,
  },
  'TRI-DRAIN-002': {
    title: 'A server is not used again',
    meaning:
      'It was put back into service, but the health checks of the other servers fail. They use it as soon as it is well.',
    remedy:
      '`trimaran status` says what it lacks, and `trimaran logs SERVER --since 10m` why. Callers use it again by themselves.',
    exitCode: 1,
  },
  'TRI-DRAIN-003': {
    title: 'A drain was reversed',
    meaning:
      'While the server was being drained, the others of its tier were lost. It was put back into service at once, since no other server would have served.',
    remedy: '`trimaran status` says what became of the others. Drain it again once they are well.',
    exitCode: 1,
  },
  'TRI-ROLL-001': {
    title: 'A reboot or an upgrade stopped at a server',
    meaning:
      'Servers are done one after the other, each only when the one before is back in service. The same command without names goes on where it stopped.',
    remedy:
      'Put the named server right, and give the same command again without names. To end it instead, `trimaran undrain SERVER`.',
    exitCode: 1,
  },
  'TRI-ROLL-002': {
    title: 'The servers are not as the file says',
    meaning: 'A reboot or an upgrade must not apply other changes, so what `plan` shows must be applied first.',
    remedy: '`trimaran plan`, `trimaran up`, and then the same command.',
    exitCode: 1,
  },
  'TRI-ROLL-003': {
    title: 'A server did not come back, or not well',
    meaning: 'After its restart it does not answer, or one of its components is not well after five minutes.',
    remedy:
      "`trimaran status` and the server's console say what it lacks. It stays drained until it is well, so visitors do not notice.",
    exitCode: 1,
  },
  'TRI-UPGRADE-001': {
    title: "Debian's packages cannot be reached",
    meaning: 'apt-get could not fetch the package lists. Lab servers have no access to the internet.',
    remedy:
      "`trimaran exec SERVER -- apt-get update` shows apt's own words: mostly a mirror, a proxy, or a line in /etc/apt.",
    exitCode: 1,
  },
  'TRI-UPGRADE-002': {
    title: 'Packages could not be upgraded',
    meaning: 'apt-get failed; its last words are shown. The server is drained, so no visitor is affected.',
    remedy:
      "`trimaran exec SERVER -- 'dpkg --configure -a; apt-get -y -f install'` often helps. Then give the same command again.",
    exitCode: 1,
  },
} as const satisfies CatalogueEntries
