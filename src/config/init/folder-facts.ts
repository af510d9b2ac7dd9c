/** What a folder says about the app in it, before anything is concluded. */
export interface FolderFacts {
  /** The folder's own name. */
  readonly name: string
  /** Names of what lies directly in it; folders end in a slash. */
  readonly entries: readonly string[]
  readonly packageJson?: PackageJson
  readonly procfile?: string
  /** What .nvmrc or .node-version says. */
  readonly nodeVersion?: string
  /** Source files that may be the app's entry, or lie beside it, by their path. */
  readonly sources: ReadonlyMap<string, string>
}

/** The parts of a package.json that matter here; whatever has another type than npm's is left out. */
export interface PackageJson {
  readonly name?: string
  readonly main?: string
  readonly scripts: Readonly<Record<string, string>>
  readonly nodeRange?: string
  readonly hasDependencies: boolean
}
