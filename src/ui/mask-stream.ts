import { Buffer, isUtf8 } from 'node:buffer'
import { Transform, type TransformCallback } from 'node:stream'

/** A line without an end is passed on in pieces of this size. */
const longestLineBytes = 65_536
/** A key in PEM is waited for until its end, up to this size. */
const longestKeyBytes = 32_768
/** A prompt has no line end: what waits for one is passed on after this time. */
const patienceMilliseconds = 100

/**
 * Takes secrets out of bytes as they pass. All other bytes stay as they are, be they text or not: a line, or a piece, is read as
 * text only to find secrets in it. A secret is found if it stands in one line; a private key also across lines.
 *
 * @param change Text without secrets. It gets what is no UTF-8 as Latin-1, a letter for each byte.
 */
export function createMaskStream(change: (text: string) => string): Transform {
  let waiting: Buffer = Buffer.alloc(0)
  let timer: NodeJS.Timeout | undefined
  const take = (bytes: number): Buffer => {
    const taken = waiting.subarray(0, bytes)
    waiting = waiting.subarray(bytes)
    return masked(taken, change)
  }
  return new Transform({
    transform(this: Transform, chunk: Buffer, _encoding, callback: TransformCallback) {
      clearTimeout(timer)
      waiting = waiting.length === 0 ? chunk : Buffer.concat([waiting, chunk])
      const ready = readyBytes(waiting)
      if (ready > 0) this.push(take(ready))
      if (waiting.length > 0) timer = setTimeout(() => this.push(take(waiting.length)), patienceMilliseconds)
      callback()
    },
    flush(callback) {
      clearTimeout(timer)
      callback(null, take(waiting.length))
    },
  })
}

function masked(bytes: Buffer, change: (text: string) => string): Buffer {
  const encoding = isUtf8(bytes) ? 'utf8' : 'latin1'
  const text = bytes.toString(encoding)
  const changed = change(text)
  return changed === text ? bytes : Buffer.from(changed, encoding)
}

/** How many bytes can be judged: whole lines, without the beginning of a key whose end has not come. */
function readyBytes(bytes: Buffer): number {
  const lines = bytes.lastIndexOf(0x0a) + 1
  const key = bytes.lastIndexOf('PRIVATE KEY')
  if (key !== -1 && bytes.length - key < longestKeyBytes) {
    const begin = bytes.lastIndexOf('-----BEGIN', key)
    if (begin !== -1 && bytes.indexOf('-----END', begin) === -1) return Math.min(begin, lines)
  }
  if (lines > 0) return lines
  return bytes.length >= longestLineBytes ? bytes.length : 0
}
