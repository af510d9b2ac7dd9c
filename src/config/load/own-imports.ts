import module from 'node:module'
import { extname } from 'node:path'

const entry = new URL(`../../index${extname(import.meta.url)}`, import.meta.url).href

/** Marks the modules of one load, so that a file that has changed is read again and its frames are known in a stack. */
export const loadMark = /\?trimaran=\d+/
let loads = 0

/**
 * Runs something that imports a config while `'trimaran'` means this very program, wherever it is installed. The
 * address it is given must be imported instead of the file's own.
 *
 * A config is read as TypeScript whatever its ending is and whatever its folder's package.json says: JavaScript is
 * TypeScript too, and this way a syntax error comes with its place.
 */
export async function withOwnImports<Result>(file: string, run: (address: string) => Promise<Result>): Promise<Result> {
  loads += 1
  const mark = `?trimaran=${loads}`
  const hooks = module.registerHooks({
    resolve(specifier, context, next) {
      if (specifier === 'trimaran') return { url: entry, shortCircuit: true }
      if (specifier === file + mark) return { url: specifier, format: 'module-typescript', shortCircuit: true }
      const found = next(specifier, context)
      return context.parentURL?.endsWith(mark) === true ? readAnew(found, mark) : found
    },
  })
  try {
    return await run(file + mark)
  } finally {
    hooks.deregister()
  }
}

/** Modules of the user's own beside the config; installed packages stay cached. */
function readAnew(found: module.ResolveFnOutput, mark: string): module.ResolveFnOutput {
  if (!found.url.startsWith('file:') || found.url.includes('/node_modules/')) return found
  const isTyped = /\.m?ts$/.test(found.url)
  // Without "type" in package.json Node would try the file as CommonJS first, and warn.
  const format = found.format ?? (isTyped ? 'module-typescript' : undefined)
  const isModule = format === 'module' || format === 'module-typescript'
  return isModule ? { ...found, format, url: found.url + mark } : found
}
