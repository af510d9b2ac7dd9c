import { lines, sh, type Shell, words } from '../shell/sh.ts'
import { secondsOf } from './name-release.ts'
import { listed, tarWords } from './pack-release.ts'

/** One of the two trees of a release, as it lies on servers. */
export interface StoredTree {
  readonly release: string
  readonly sort: 'app' | 'static'
  readonly path: string
}

/**
 * Makes a server write a tree as the archive that it came from. An unchanged tree gives the same bytes. The digest of what
 * arrives shows whether it is unchanged; what the server says does not count.
 */
export function archiveTree({ release, sort, path }: StoredTree): Shell {
  const options = ['--create', '--use-compress-program', 'gzip -1 -n', ...tarWords(secondsOf(release))]
  return lines([
    sh`set -o pipefail; cd ${path} || exit`,
    sort === 'app'
      ? sh`tar ${words(options)} .`
      : sh`find . -type f -print0 | LC_ALL=C sort -z | tar ${words([...options, ...listed])}`,
  ])
}
