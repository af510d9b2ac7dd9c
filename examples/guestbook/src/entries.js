import { randomUUID } from 'node:crypto'

export const limits = { name: 40, message: 500, shown: 50 }

/** The newest entries, newest first. `query` is one request's way to the database: `(text, values) => rows`. */
export async function listEntries(query) {
  const rows = await query('select id, name, message, created_at from entries order by id desc limit $1', [
    limits.shown,
  ])
  return rows.map(toEntry)
}

/**
 * Keeps an entry, once: given the same key again it changes nothing and gives back the first one.
 * That makes it safe to run twice, which is what a retry after a lost connection does.
 */
export async function addEntry(query, { name, message, key }) {
  const [row] = await query(
    `insert into entries (name, message, key) values ($1, $2, $3)
     on conflict (key) do update set key = excluded.key
     returning id, name, message, created_at`,
    [name, message, key],
  )
  return toEntry(row)
}

function toEntry({ id, name, message, created_at }) {
  return { id: Number(id), name, message, createdAt: created_at.toISOString() }
}

/**
 * What somebody wrote, tidied, and what is wrong with it: `{ entry, problems }`. `problems` is empty when all is well,
 * else a sentence for each field that needs another look.
 */
export function readEntry({ name, message, key } = {}) {
  const entry = {
    name: tidy(name).replace(/\s+/g, ' '),
    message: tidy(message).replace(/\n{3,}/g, '\n\n'),
    key: /^[\w-]{8,100}$/.test(key) ? key : randomUUID(),
  }
  const problems = {}
  for (const [field, missing] of Object.entries({
    name: 'Please leave your name.',
    message: 'Please write a few words.',
  })) {
    const length = [...entry[field]].length
    if (length === 0) problems[field] = missing
    if (length > limits[field]) problems[field] = `At most ${limits[field]} characters, please: these are ${length}.`
  }
  return { entry, problems }
}

function tidy(text) {
  if (typeof text !== 'string') return ''
  return text
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{C}\n\u200d]/gu, '') // control characters out, but for line ends and the joint inside some emoji
    .trim()
}
