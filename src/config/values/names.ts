/**
 * How releases are called, as a part of a path: such as `20261122-213700-abc1234-dirty` (`release/name-release.ts`), and
 * whatever a test calls them. No slash and no dot at its beginning: it never leads out of its folder.
 */
export const releasePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/

/** How `stack/create-stack.ts` calls servers: `lb-1`, `db-12`. */
export const serverNamePattern = /^(?:lb|web|app|db)-[1-9]\d{0,3}$/
