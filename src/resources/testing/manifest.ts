import { type Manifest, parsePlaced } from '../manifest.ts'

/** The manifest of these lines, as a test writes them. */
export const manifestFrom = (...lines: readonly string[]): Manifest => lines.map((line) => parsePlaced(line)!)
