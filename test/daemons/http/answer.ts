/** What a visitor got, as it came. */
export interface Received {
  readonly pieces: readonly (readonly [ms: number, text: string])[]
  readonly closed: boolean
  readonly ms: number
}

export interface Answer {
  /** Statuses before the answer, such as 100. */
  readonly interim: readonly number[]
  /** 0 where there was no answer. */
  readonly status: number
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: string
  readonly trailers: readonly string[]
  /** Whether all of it came: as long as its length says, or up to the last chunk. */
  readonly isWhole: boolean
  /** When the answer's status line came, and when its end did, in milliseconds. */
  readonly began: number
  readonly ended: number
  /** When each of these texts had come. */
  readonly at: (text: string) => number
  readonly header: (name: string) => string | undefined
  readonly raw: string
}

/** Reads an answer, and nothing of what may follow on the same connection. */
export function readAnswer({ pieces, ms }: Received, isToHead: boolean): Answer {
  const raw = pieces.map(([, text]) => text).join('')
  const interim: number[] = []
  let rest = raw
  let head = ''
  for (;;) {
    const end = rest.indexOf('\r\n\r\n')
    head = end === -1 ? rest : rest.slice(0, end)
    rest = end === -1 ? '' : rest.slice(end + 4)
    if (!/^HTTP\/1\.[01] 1(?!01)/.test(head)) break
    interim.push(statusOf(head))
  }
  const headers = head
    .split('\r\n')
    .slice(1)
    .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()] as const)
  const header = (name: string) => headers.find(([own]) => own.toLowerCase() === name)?.[1]
  const at = (text: string): number => timeOf(pieces, raw.indexOf(text) + text.length)
  const read = isToHead
    ? { body: rest, trailers: [], isWhole: true }
    : readBody(rest, header('transfer-encoding') === 'chunked', header('content-length'))
  return {
    interim,
    status: statusOf(head),
    headers,
    ...read,
    began: at(head.slice(0, 12)),
    ended: read.isWhole ? timeOf(pieces, raw.length) : ms,
    at,
    header,
    raw,
  }
}

const statusOf = (head: string): number => Number(/^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1] ?? 0)

function timeOf(pieces: Received['pieces'], length: number): number {
  let seen = 0
  for (const [ms, text] of pieces) if ((seen += text.length) >= length) return ms
  return Number.POSITIVE_INFINITY
}

function readBody(
  rest: string,
  isChunked: boolean,
  length: string | undefined,
): Pick<Answer, 'body' | 'trailers' | 'isWhole'> {
  if (!isChunked)
    return length === undefined
      ? { body: rest, trailers: [], isWhole: true }
      : { body: rest.slice(0, Number(length)), trailers: [], isWhole: rest.length >= Number(length) }
  let body = ''
  for (;;) {
    const size = /^([0-9a-f]+)\r\n/i.exec(rest)
    if (size === null) return { body, trailers: [], isWhole: false }
    const bytes = Number.parseInt(size[1]!, 16)
    rest = rest.slice(size[0].length)
    if (bytes === 0)
      return { body, trailers: rest.split('\r\n').filter((line) => line !== ''), isWhole: rest.endsWith('\r\n') }
    body += rest.slice(0, bytes)
    rest = rest.slice(bytes + 2)
  }
}
