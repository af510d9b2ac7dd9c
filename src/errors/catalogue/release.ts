import type { CatalogueEntries } from './entry.ts'

/** What goes wrong between the source of the app and the servers that run it. */
export const releaseFailures = {
  'TRI-RELEASE-001': {
    title: 'The build of a release failed',
    meaning: 'The command in `app.build` did not end with 0. Its last lines are shown. No server was touched.',
    remedy:
      "Run the command of `app.build` by hand in a fresh clone: what is ignored by git is not in the build's folder either.",
    exitCode: 1,
  },
  'TRI-RELEASE-002': {
    title: 'The config names something that is not in the release',
    meaning:
      'The folder of static files, the source, or the file that `app.start` starts is not there after the build.',
    remedy: 'Let `app.build` make it, name it in `app.include` where git ignores it, or correct the path.',
    exitCode: 2,
  },
  'TRI-RELEASE-003': {
    title: 'Node.js could not be downloaded',
    meaning: 'The runtime comes from the npm registry, with the npm of this computer and its configuration.',
    remedy: '`npm view node version` shows whether npm reaches its registry. Behind a proxy, configure npm for it.',
    exitCode: 1,
  },
  'TRI-RELEASE-004': {
    title: 'A release cannot be found',
    meaning: 'The release that the stack runs is neither on this computer nor on a server that answers.',
    remedy:
      'Run `trimaran up` on the computer where the release was built, or bring back a server that has it, or deploy a new one.',
    exitCode: 1,
  },
  'TRI-RELEASE-005': {
    title: 'The release could not be packed',
    meaning: 'Something in it cannot be shipped, such as a link that leads out of it, or GNU tar is missing here.',
    remedy: 'Remove or replace what the message names, or install `tar`, and try again.',
    exitCode: 1,
  },
  'TRI-RELEASE-006': {
    title: 'No such revision',
    meaning: '`deploy --revision` names a commit, a tag or a branch of the git repository that holds the config file.',
    remedy: '`git fetch --tags` brings what is missing here; `git rev-parse NAME` tells whether git knows it.',
    exitCode: 2,
  },
  'TRI-RELEASE-007': {
    title: 'git cannot say what belongs to the release',
    meaning:
      'The source is in a git repository, and git failed with the message shown; or a submodule, or a file of git LFS, is missing here. Without git the files of the release are unknown: nothing is shipped.',
    remedy:
      'Run `git status` in that folder and do what git says: mostly `git config --global --add safe.directory FOLDER` in a container, `git submodule update --init`, or `git lfs pull`.',
    exitCode: 1,
  },
  'TRI-RELEASE-008': {
    title: 'A server has no room for the release',
    meaning:
      'Before anything is sent, every server is asked for its free disk and inodes. A release needs room for its archive and for all its files, beside those that are kept.',
    remedy: '`trimaran exec SERVER -- df -h /srv` shows the disk. Make room, or give the server a larger disk.',
    exitCode: 1,
  },
  'TRI-DEPLOY-001': {
    title: 'A release did not come up, and was rolled back',
    meaning:
      'On one server the new release did not answer its health path as callers ask it, its release command failed, or a step before it did; or all came up, and visitors were not served. The message says why, and what runs now.',
    remedy:
      '`trimaran logs app --since 10m` has what the app said. Visitors are served by the release before; fix the app and deploy again.',
    exitCode: 1,
  },
  'TRI-DEPLOY-002': {
    title: 'A release could not be rolled back everywhere',
    meaning: 'A deploy failed, and on some servers what was changed could not be rolled back. They are named.',
    remedy:
      '`trimaran status` says what runs where. `trimaran up` brings all servers to the release that the stack is to run.',
    exitCode: 1,
  },
  'TRI-DEPLOY-003': {
    title: 'There is nothing to deploy to',
    meaning: 'The stack was never set up. `trimaran up` does so, and releases the app for the first time.',
    remedy: '`trimaran up`, or `trimaran up --lab` for the lab.',
    exitCode: 1,
  },
  'TRI-DEPLOY-004': {
    title: 'No such release to go back to',
    meaning: 'The release is not among those that the stack keeps. `trimaran releases` lists them.',
    remedy:
      'Name one of those that `trimaran releases` lists, or build an older revision: `trimaran deploy --revision NAME`.',
    exitCode: 2,
  },
  'TRI-DEPLOY-005': {
    title: 'No app server can take the release',
    meaning: 'None of the app servers in service answers, so no server could serve it. Nothing was built or changed.',
    remedy: 'Bring an app server back, or put one in service: `trimaran undrain SERVER`. Then deploy again.',
    exitCode: 1,
  },
  'TRI-HOOK-001': {
    title: 'The hook before the deploy failed',
    meaning: 'The command in `hooks.beforeDeploy` did not end with 0. Nothing was built, and no server was touched.',
    remedy: 'Its last lines say why it said no. Run it by hand in the folder of the config.',
    exitCode: 1,
  },
  'TRI-HOOK-002': {
    title: 'The hook after the deploy failed',
    meaning: 'The command in `hooks.afterDeploy` did not end with 0. The deploy itself had ended before.',
    remedy: 'Do by hand what it was to do; the release serves already.',
    exitCode: 1,
  },
} as const satisfies CatalogueEntries
