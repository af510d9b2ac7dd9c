import type { Folder } from './folder.ts'

/** How a program is built and run, as `app` of the config says it. What is left out is as Trimaran has it anyway. */
export interface AppDraft {
  readonly build?: string
  /** Files that look like secrets, and are none: they are shipped. */
  readonly include?: readonly string[]
  readonly cache?: readonly string[]
  readonly start: string
  readonly release?: string
  readonly processes?: Readonly<Record<string, string | ProcessDraft>>
  readonly health?: string
  readonly runtime?: { readonly node: string } | { readonly packages: readonly string[] }
  readonly devDependencies?: boolean
  readonly env?: Readonly<Record<string, string | Code>>
  readonly secrets?: readonly string[]
  readonly writable?: readonly string[]
}

/** An expression of the config in place of a text: `database.host`. */
export interface Code {
  readonly code: string
}

export interface ProcessDraft {
  readonly start: string
  readonly on?: 'one'
  readonly at?: string
}

/** A site of files alone: what makes them, and what answers paths that no file has. */
export interface SiteDraft {
  readonly build?: string
  readonly cache?: readonly string[]
  readonly fallback?: string
}

export type SettingName = keyof AppDraft | 'fallback' | 'root' | 'database'

interface Evidence {
  /** What runs there, as people call it: `Django`. */
  readonly kind: string
  /** What gave it away: `manage.py`. */
  readonly evidence: string
}

interface Common extends Evidence {
  /** The folder of static files, where there is one. */
  readonly root?: string
  /** A line above a setting: why it is so, or that it is a guess. */
  readonly comments?: Readonly<Partial<Record<SettingName, string>>>
  /** Settings without evidence: the user has to look at them. */
  readonly guessed?: readonly SettingName[]
  /** What the user has to see to outside the config, each a sentence without a full stop. */
  readonly advice?: readonly string[]
  /** A file that the start command needs beside the config, and that the folder does not have. */
  readonly companion?: { readonly file: string; readonly text: string }
}

export interface AppFound extends Common {
  readonly app: AppDraft
  readonly database?: DatabaseWish
}

/** What an app would do with a database of the stack. Whether there is one is decided in one place, `decide-database.ts`. */
export interface DatabaseWish {
  /**
   * `usual` where apps of this kind have one, whether or not a file names it; `elsewhere` where they only know another kind
   * than PostgreSQL.
   */
  readonly need?: 'usual' | 'elsewhere'
  /** Variables with its address, by the names that the framework reads. */
  readonly env?: Readonly<Record<string, string | Code>>
  /** Sentences for an app that has one. */
  readonly advice?: readonly string[]
}

export interface SiteFound extends Common {
  readonly root: string
  readonly site: SiteDraft
}

/** An app that cannot be served as it is. */
export interface Unservable extends Evidence {
  /** What is missing. */
  readonly missing: string
  readonly next: string
}

export type Draft = AppFound | SiteFound
export type Found = Draft | Unservable

/** One way in which apps are made. */
export interface Ecosystem {
  readonly name: string
  /** Of two ecosystems of one family, such as npm's, the one that comes first has seen what the other sees. */
  readonly family: string
  /** True where its sign may lie in any folder, whatever the app is made with: a package.json, a Dockerfile. */
  readonly isGeneral?: true
  /** What it drafts for a folder; nothing where the folder has no such app. */
  readonly detect: (folder: Folder) => Found | undefined
}
