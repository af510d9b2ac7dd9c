/** One request of a visitor, and what is right for an answer. */
export interface Visit {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  readonly status: number
  /** Whether whoever passes it on may send it a second time: it only reads, or it says so. */
  readonly isRepeatable: boolean
  /** What is wrong with the body of an answer; nothing when it is right. */
  readonly objection: (body: string) => string | undefined
  /** The unique key of what is written. */
  readonly key?: string
}

/** Every fifth request writes; the others ask for each kind of page in turn. */
export function visitOf(number: number, run: string): Visit {
  return number % 5 === 4 ? write(`${run}-${number}`, number % 10 === 9) : reads[number % reads.length]!
}

/**
 * Nobody writes the same twice: the key says which request it was, and makes it safe to send once more. Every second write
 * tells the balancers so, too; of the others only the app knows.
 */
function write(key: string, isRepeatable: boolean): Visit {
  return {
    method: 'POST',
    path: '/api/entries',
    headers: { 'content-type': 'application/json', ...(isRepeatable && { 'idempotency-key': key }) },
    body: JSON.stringify({ name: 'Load', message: key, key }),
    status: 201,
    isRepeatable,
    objection: inJson<{ id?: number; message?: string }>(({ id, message }) =>
      typeof id === 'number' && message === key ? undefined : 'not the entry that was written',
    ),
    key,
  }
}

function read(path: string, objection: Visit['objection']): Visit {
  return { method: 'GET', path, headers: {}, status: 200, isRepeatable: true, objection }
}

const reads: readonly Visit[] = [
  read(
    '/api/where',
    inJson<{ app?: string; database?: string; requestId?: string }>(({ app, database, requestId }) =>
      app && database && requestId ? undefined : 'names no app server, no database or no request',
    ),
  ),
  read('/favicon.svg', whole('<svg', '</svg>')),
  read(
    '/api/entries',
    inJson<{ entries?: unknown[] }>(({ entries }) => (Array.isArray(entries) ? undefined : 'lists no entries')),
  ),
  read('/', whole('<h1>Guestbook</h1>', '</html>')),
]

function inJson<Body extends object>(objection: (body: Body) => string | undefined): Visit['objection'] {
  return (body) => {
    try {
      return objection(JSON.parse(body) as Body)
    } catch {
      return 'not JSON, or only a part of it'
    }
  }
}

function whole(sign: string, end: string): Visit['objection'] {
  return (body) => {
    if (!body.includes(sign)) return `has no ${sign}`
    return body.trimEnd().endsWith(end) ? undefined : `does not end with ${end}`
  }
}
