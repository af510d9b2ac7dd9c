interface CatalogueEntry {
  /** A short name of the situation, for the reference. */
  readonly title: string
  /** What it means and what usually helps, for the reference. */
  readonly meaning: string
  /** 2: the command or the file is wrong. 1: doing it failed. */
  readonly exitCode: 1 | 2
}

/** Every failure that Trimaran can report. The reference in `docs/reference/errors.md` is generated from it. */
export const catalogue = {
  'TRI-CONFIG-001': {
    title: 'The config file was not found',
    meaning: 'No trimaran.config.ts stands in this folder or above it. `trimaran init` writes one.',
    exitCode: 2,
  },
  'TRI-CONFIG-002': {
    title: 'The config file could not be loaded',
    meaning: 'The file has a syntax error, throws while it runs, or exports something else than a stack.',
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
    meaning: 'The path is seen from the folder of the config. The file must be there and readable.',
    exitCode: 2,
  },
  'TRI-CONFIG-007': {
    title: 'A secret of the app was not found',
    meaning:
      'Each name in `app.secrets` must be a variable of your environment, a line in `.env` beside the config, or have a command that prints it.',
    exitCode: 2,
  },
  'TRI-CONFIG-008': {
    title: 'A page of your own cannot be shown',
    meaning: 'A file that `pages` names is larger than 12 KB, is not text in UTF-8, or is not HTML.',
    exitCode: 2,
  },
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
    meaning: 'A script did not end within its deadline. It is no longer waited for, and may still end on the server.',
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
      'OpenSSH is missing here, its config has a mistake, or the server lets us in but cannot run a bash script.',
    exitCode: 1,
  },
  'TRI-SSH-008': {
    title: 'An answer is too large',
    meaning:
      'A server said more than any honest answer has. It is dropped, so that it costs the other servers nothing.',
    exitCode: 1,
  },
  'TRI-LAB-001': {
    title: 'This computer cannot hold a lab',
    meaning: 'A lab needs Linux, root, namespaces and a few Debian packages; the message lists what is missing.',
    exitCode: 1,
  },
  'TRI-LAB-002': {
    title: 'The image of the lab servers could not be built',
    meaning: 'Downloading or installing Debian failed. Nothing incomplete is kept; the next run starts clean.',
    exitCode: 1,
  },
  'TRI-LAB-003': {
    title: 'A lab server did not start',
    meaning: 'The server was booted but its SSH did not answer in time. Its console log says why.',
    exitCode: 1,
  },
  'TRI-LAB-004': {
    title: 'No such lab or lab server',
    meaning: 'The name is not among the labs, or not among the servers of the lab, on this computer.',
    exitCode: 2,
  },
  'TRI-LAB-005': {
    title: 'The lab belongs to another folder',
    meaning: 'A lab with the same name was made from another project. Rename one of the stacks, or end the other lab.',
    exitCode: 1,
  },
  'TRI-LOCK-001': {
    title: 'Another operator is changing the stack',
    meaning: 'Someone else applies to the same servers. Their lock goes when their command ends, even if it is killed.',
    exitCode: 1,
  },
  'TRI-KEY-001': {
    title: 'The stack key is not usable',
    meaning:
      'Internal passwords derive from `.trimaran/key` or TRIMARAN_KEY. It must be the one the stack was set up with.',
    exitCode: 2,
  },
  'TRI-PLAN-001': {
    title: 'Something stands in the way of the plan',
    meaning:
      'A server is not what it must be: a port is taken, the disk is full, another stack lives there. Nothing was changed.',
    exitCode: 1,
  },
  'TRI-PLAN-002': {
    title: 'The servers changed since the plan was shown',
    meaning: 'A plan is applied only to what it was made for. Look at the new plan and confirm it.',
    exitCode: 1,
  },
  'TRI-PLAN-003': {
    title: 'No server could be reached',
    meaning:
      'None of the servers answered, so there is nothing to plan with. Check the network and the SSH destinations.',
    exitCode: 1,
  },
  'TRI-APPLY-001': {
    title: 'The apply stopped',
    meaning: 'A step failed on a server and was rolled back there; servers changed before it keep their change.',
    exitCode: 1,
  },
  'TRI-DEPLOY-001': {
    title: 'A release did not come up, and was rolled back',
    meaning:
      'On one server the new release did not answer its health path, its release command failed, or a step before it did. All servers run what they ran before; the failing one’s last words are shown.',
    exitCode: 1,
  },
  'TRI-DEPLOY-002': {
    title: 'A release could not be rolled back everywhere',
    meaning: 'A deploy failed, and on some servers what was changed could not be rolled back. They are named.',
    exitCode: 1,
  },
  'TRI-DEPLOY-003': {
    title: 'There is nothing to deploy to',
    meaning: 'The stack was never set up. `trimaran up` does so, and releases the app for the first time.',
    exitCode: 1,
  },
  'TRI-DEPLOY-004': {
    title: 'No such release to go back to',
    meaning: 'The release is not among those that the stack keeps. `trimaran releases` lists them.',
    exitCode: 2,
  },
  'TRI-HOOK-001': {
    title: 'The hook before the deploy failed',
    meaning: 'The command in `hooks.beforeDeploy` did not end with 0. Nothing was built, and no server was touched.',
    exitCode: 1,
  },
  'TRI-HOOK-002': {
    title: 'The hook after the deploy failed',
    meaning: 'The command in `hooks.afterDeploy` did not end with 0. The deploy itself had ended before.',
    exitCode: 1,
  },
  'TRI-SERVER-001': {
    title: 'No such server',
    meaning: 'The name is neither a server nor a tier of this stack.',
    exitCode: 2,
  },
  'TRI-SCALE-001': {
    title: 'The config must be edited by hand',
    meaning:
      '`trimaran scale` changes a plain number, or shortens a plain list. It cannot invent a server, nor find out where a computed number comes from. The message shows the line.',
    exitCode: 2,
  },
  'TRI-REPLACE-001': {
    title: "A server's place cannot go to another machine now",
    meaning:
      'The old one lives and nobody serves in its place, or data would be lost. The message says why. Nothing was changed.',
    exitCode: 1,
  },
  'TRI-REPLACE-002': {
    title: 'A server of the file is another machine now',
    meaning:
      'Its place in the file was given to another address. The old machine may still be at work, and take itself for that server: `trimaran replace` clears it first.',
    exitCode: 1,
  },
  'TRI-REPLACE-003': {
    title: 'The config must be edited by hand',
    meaning:
      '`trimaran replace` changes a destination that is written out in its list. It does not guess where a computed one comes from. The message shows the line.',
    exitCode: 2,
  },
  'TRI-SITE-001': {
    title: 'A config with counts has no servers of its own',
    meaning: 'Counts are enough for the lab. Production names an SSH destination for each server.',
    exitCode: 2,
  },
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
  'TRI-DATABASE-001': {
    title: 'The primary cannot move now',
    meaning: 'A switchover is checked first: lag, health, etcd, long transactions. Nothing was changed.',
    exitCode: 1,
  },
  'TRI-DATABASE-002': {
    title: 'The switchover did not succeed',
    meaning:
      'Patroni did not move the primary. The message names the primary; nothing acknowledged is lost either way.',
    exitCode: 1,
  },
  'TRI-DATABASE-003': {
    title: 'No database server to talk to',
    meaning: 'No server of the database tier leads now, or there is no replica.',
    exitCode: 1,
  },
  'TRI-DATABASE-004': {
    title: 'A pool could not pause its queries',
    meaning:
      'Before the primary moves, each pool waits for the transactions that are under way. One took too long. All queries go on, and nothing was moved.',
    exitCode: 1,
  },
  'TRI-RELEASE-001': {
    title: 'The build of a release failed',
    meaning: 'The command in `app.build` did not end with 0. Its last lines are shown. No server was touched.',
    exitCode: 1,
  },
  'TRI-RELEASE-002': {
    title: 'The config names something that is not in the release',
    meaning:
      'The folder of static files, the source, or the file that `app.start` starts is not there after the build.',
    exitCode: 2,
  },
  'TRI-RELEASE-003': {
    title: 'Node.js could not be downloaded',
    meaning: 'The runtime comes from the npm registry, with the npm of this computer and its configuration.',
    exitCode: 1,
  },
  'TRI-RELEASE-004': {
    title: 'A release cannot be found',
    meaning: 'The release that the stack runs is neither on this computer nor on a server that answers.',
    exitCode: 1,
  },
  'TRI-RELEASE-005': {
    title: 'The release could not be packed',
    meaning: 'Something in it cannot be shipped, such as a link that leads out of it, or GNU tar is missing here.',
    exitCode: 1,
  },
  'TRI-USAGE-001': {
    title: 'The command was not understood',
    meaning: 'A word or a flag of the command makes no sense. Nothing was changed.',
    exitCode: 2,
  },
  'TRI-RELEASE-006': {
    title: 'No such revision',
    meaning: '`deploy --revision` names a commit, a tag or a branch of the git repository that holds the config file.',
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
} as const satisfies Record<string, CatalogueEntry>

export type FailureCode = keyof typeof catalogue
