import { lines, sh, type Shell, words } from '../shell/sh.ts'
import { secondsOf } from './name-release.ts'
import { listed, tarWords } from './pack-release.ts'

/** One of the two trees of a release, as it lies on servers. */
export interface Handed {
  readonly release: string
  readonly sort: 'app' | 'static'
  readonly path: string
}

/**
 * Has a server write a tree as the archive that it came from: the same bytes, if it is still the same tree. Whether it is
 * tells the digest of what arrives, whatever the server says.
 */
export function handOut({ release, sort, path }: Handed): Shell {
  const options = ['--create', '--use-compress-program', 'gzip -1 -n', ...tarWords(secondsOf(release))]
  return lines([
    sh`set -o pipefail; cd ${path} || exit`,
    sort === 'app'
      ? sh`tar ${words(options)} .`
      : sh`find . -type f -print0 | LC_ALL=C sort -z | tar ${words([...options, ...listed])}`,
  ])
}
