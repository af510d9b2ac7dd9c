import { type Manifest, parsePlaced } from '../resources/manifest.ts'
import { isOwnResource } from '../components/index.ts'
import type { Doubt } from './doubts.ts'

/** Far more than a hundred releases of a large stack need. */
const mostLines = 5000

/**
 * Reads what Trimaran has placed on a server: lines `component kind name`. What it lists and the blueprint no longer
 * wants is removed as root, so a line that names what Trimaran never places is ignored, and reported.
 */
export function readManifest(
  answer: string,
  doubt: Doubt,
): { readonly manifest: Manifest; readonly isManifestForged?: true } {
  const lines = answer.split('\n').filter((line) => line !== '')
  if (lines.length > mostLines) doubt('what was placed there', `${lines.length} lines`)
  const manifest = lines.slice(0, mostLines).flatMap((line) => {
    const placed = parsePlaced(line)
    if (placed !== undefined && isOwnResource(placed.kind, placed.name)) return [placed]
    doubt('what was placed there', line)
    return []
  })
  return { manifest, ...(manifest.length < lines.length && { isManifestForged: true }) }
}
