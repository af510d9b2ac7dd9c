import type { Code } from './draft.ts'
import type { Folder } from './folder.ts'

/** What a part of the database's address is called at the end of a variable's name. */
const parts = [
  { sign: /HOST(?:NAME)?$/, code: 'database.host' },
  { sign: /PORT$/, code: 'database.port' },
  { sign: /USER(?:NAME)?$/, code: 'database.user' },
  { sign: /PASS(?:WORD)?$|PWD$/, code: 'database.password' },
  { sign: /NAME$|DB$|DATABASE$/, code: 'database.name' },
] as const

const named =
  /\b(?:DB|DATABASE|POSTGRES|POSTGRESQL|PG|SQL)_?(?:HOST(?:NAME)?|PORT|USER(?:NAME)?|PASS(?:WORD)?|PWD|NAME|DBNAME|DB|DATABASE)\b/g
const sources = /\.(?:[cm]?[jt]sx?|py|rb|php|go|rs|java|kt|cs|exs?|ya?ml|properties|json)$/

/**
 * Variables that the sources read parts of the database's address from, each with the reference that stands for the part. None
 * where they read DATABASE_URL, which has all of them.
 */
export function findVariables(folder: Folder): Readonly<Record<string, Code>> {
  const texts = folder.find(sources).map((path) => folder.text(path))
  if (texts.some((text) => /\bDATABASE_URL\b/.test(text))) return {}
  const names = [...new Set(texts.flatMap((text) => text.match(named) ?? []))]
  const found = names.flatMap((name) => {
    const part = parts.find(({ sign }) => sign.test(name))
    return part === undefined ? [] : [[name, { code: part.code }] as const]
  })
  const hosts = found.some(([, { code }]) => code === 'database.host')
  return hosts ? Object.fromEntries(found) : {}
}
