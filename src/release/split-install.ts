/** A build whose first part only installs the packages of the lock file. */
export interface SplitBuild {
  readonly install: string
  /** The rest of the build; may be empty. */
  readonly rest: string
}

/** Splits `npm ci && npm run build` into its two parts; `undefined` where a build begins in another way. */
export function splitInstall(build: string): SplitBuild | undefined {
  const [, install, rest = ''] =
    /^\s*(npm (?:ci|clean-install)(?: --[\w-]+(?:=[\w.,/:@-]+)?)*)\s*(?:&&\s*([^]*))?$/.exec(build) ?? []
  return install === undefined ? undefined : { install, rest: rest.trim() }
}
