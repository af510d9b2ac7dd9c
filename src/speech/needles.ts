/** Needles must have at least so many letters: that many of each are hashed. */
export const shortestNeedle = 6

/** Finds many short texts, the needles, in one pass over a text (Rabin and Karp): the time does not grow with their number. */
export interface Needles {
  add(needle: string): void
  /** Where needles begin in the text, in order, with the longest needle that begins there. */
  findIn(text: string): readonly Found[]
}

export interface Found {
  readonly index: number
  readonly length: number
}

/** Each letter moves the hash by so many bits, so that after `shortestNeedle` of them nothing of it is left. */
const bitsOfLetter = 5
const hashMask = 2 ** (bitsOfLetter * shortestNeedle) - 1
const extend = (hash: number, text: string, at: number): number =>
  ((hash << bitsOfLetter) ^ text.charCodeAt(at)) & hashMask

/** Hashes by which most places are ruled out without a look into the map. */
const sieveSize = 2 ** 16
const sieveOf = (hash: number): number => (hash ^ (hash >>> 14)) & (sieveSize - 1)

export function createNeedles(): Needles {
  /** By the hash of their first letters; the longest first. */
  const needles = new Map<number, readonly string[]>()
  const sieve = new Uint8Array(sieveSize)

  return {
    add(needle) {
      if (needle.length < shortestNeedle) throw new RangeError(`A needle has at least ${shortestNeedle} letters`)
      const hash = hashOf(needle)
      const others = needles.get(hash) ?? []
      if (others.includes(needle)) return
      sieve[sieveOf(hash)] = 1
      needles.set(
        hash,
        [...others, needle].toSorted((a, b) => b.length - a.length),
      )
    },
    findIn(text) {
      const found: Found[] = []
      if (needles.size === 0) return found
      let hash = 0
      for (let at = 0; at < text.length; at++) {
        hash = extend(hash, text, at)
        if (sieve[sieveOf(hash)] === 0) continue
        const index = at - shortestNeedle + 1
        const longest = needles.get(hash)?.find((needle) => index >= 0 && text.startsWith(needle, index))
        if (longest !== undefined) found.push({ index, length: longest.length })
      }
      return found
    },
  }
}

function hashOf(needle: string): number {
  let hash = 0
  for (let at = 0; at < shortestNeedle; at++) hash = extend(hash, needle, at)
  return hash
}
