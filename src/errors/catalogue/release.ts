import type { CatalogueEntries } from './entry.ts'

/** What goes wrong between the source of the app and the servers that run it. */
export const releaseFailures = {
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
  'TRI-RELEASE-006': {
    title: 'No such revision',
    meaning: '`deploy --revision` names a commit, a tag or a branch of the git repository that holds the config file.',
    exitCode: 2,
  },
  'TRI-RELEASE-007': {
    title: 'git cannot say what belongs to the release',
    meaning:
      'The source is in a git repository, and git failed with the message shown; or a submodule, or a file of git LFS, is missing here. Without git the files of the release are unknown: nothing is shipped.',
    exitCode: 1,
  },
  'TRI-RELEASE-008': {
    title: 'A server has no room for the release',
    meaning:
      'Before anything is sent, every server is asked for its free disk and inodes. A release needs room for its archive and for all its files, beside those that are kept.',
    exitCode: 1,
  },
  'TRI-DEPLOY-001': {
    title: 'A release did not come up, and was rolled back',
    meaning:
      'On one server the new release did not answer its health path as callers ask it, its release command failed, or a step before it did; or all came up, and visitors were not served. The message says why, and what runs now.',
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
  'TRI-DEPLOY-005': {
    title: 'No app server can take the release',
    meaning: 'None of the app servers in service answers, so no server could serve it. Nothing was built or changed.',
    exitCode: 1,
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
} as const satisfies CatalogueEntries
