/** What the reference says of a failure, and how the command ends with it. */
export interface CatalogueEntry {
  /** A short name of the situation. */
  readonly title: string
  /** What it means. */
  readonly meaning: string
  /** What usually helps; commands among it are checked as those of the pages are. */
  readonly remedy: string
  /** 2: the command or the file is wrong. 1: doing it failed. */
  readonly exitCode: 1 | 2
}

/** By code. A code is never used again for something else: operators search for it. */
export type CatalogueEntries = Readonly<Record<`TRI-${string}-${number}`, CatalogueEntry>>
