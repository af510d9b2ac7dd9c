import { readFileSync } from 'node:fs'

/** The address of a file in assets/ under the name that build.js gave it. */
export function assetUrl(name) {
  manifest ??= readManifest(new URL('../public/assets/manifest.json', import.meta.url))
  return manifest[name]
}

let manifest

function readManifest(location) {
  try {
    return JSON.parse(readFileSync(location, 'utf8'))
  } catch (error) {
    throw new Error('The assets are not built yet: run `node build.js` first.', { cause: error })
  }
}
