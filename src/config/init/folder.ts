/** A folder as `init` sees it: names and texts that were read before, so that all conclusions are drawn from the same. */
export interface Folder {
  /** The folder's own name. */
  readonly name: string
  /** Whether a file or a folder is there, at a path such as `config/app.php` or `public`. */
  readonly has: (path: string) => boolean
  /** The text of a file; empty where it is not there or was not read. */
  readonly text: (path: string) => string
  /** Paths of files that match one of the patterns, those nearest to the top first. */
  readonly find: (...patterns: readonly RegExp[]) => readonly string[]
  /** Names of what lies directly in it; folders end in a slash. */
  readonly entries: readonly string[]
  /** All texts that were read, by path. */
  readonly texts: ReadonlyMap<string, string>
  /** The same of a folder in it. */
  readonly below: (path: string) => Folder
}

/**
 * Makes a folder of paths and texts. Paths of folders end in a slash; those that hold a path need not be named.
 * @param paths the files and folders in it
 * @param texts of files, by path
 */
export function createFolder(name: string, paths: readonly string[], texts: ReadonlyMap<string, string>): Folder {
  const all = new Set([...paths, ...texts.keys()].flatMap(withFoldersAbove))
  const files = [...all].filter((path) => !path.endsWith('/')).toSorted(nearestFirst)
  return {
    name,
    texts,
    has: (path) => all.has(path) || all.has(`${path}/`),
    text: (path) => texts.get(path) ?? '',
    find: (...patterns) => files.filter((path) => patterns.some((pattern) => pattern.test(path))),
    entries: [...all].filter((path) => /^[^/]+\/?$/.test(path)).toSorted(),
    below: (inner) => {
      const start = `${inner}/`
      const inside = [...all].filter((path) => path.startsWith(start) && path !== start)
      const own = [...texts].filter(([path]) => path.startsWith(start))
      return createFolder(
        inner.slice(inner.lastIndexOf('/') + 1),
        inside.map((path) => path.slice(start.length)),
        new Map(own.map(([path, text]) => [path.slice(start.length), text])),
      )
    },
  }
}

/** `a/`, `a/b/` and `a/b/c` for `a/b/c`. */
const withFoldersAbove = (path: string): readonly string[] => [
  ...[...path.matchAll(/\//g)].map(({ index }) => path.slice(0, index + 1)),
  path,
]

const depthOf = (path: string): number => path.split('/').length

const nearestFirst = (a: string, b: string): number => depthOf(a) - depthOf(b) || (a < b ? -1 : 1)
