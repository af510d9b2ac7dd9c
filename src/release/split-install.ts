/** A build whose first part installs what the lock file names, and nothing else. */
export interface SplitBuild {
  readonly install: string
  /** What comes after it; empty where nothing does. */
  readonly rest: string
}

/** `npm ci && npm run build` in its two parts; `undefined` for a build that begins otherwise. */
export function splitInstall(build: string): SplitBuild | undefined {
  const [, install, rest = ''] =
    /^\s*(npm (?:ci|clean-install)(?: --[\w-]+(?:=[\w.,/:@-]+)?)*)\s*(?:&&\s*([^]*))?$/.exec(build) ?? []
  return install === undefined ? undefined : { install, rest: rest.trim() }
}
