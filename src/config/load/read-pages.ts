import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { failure } from '../../errors/failure.ts'
import type { PageName, Pages } from '../schema.ts'

/** HAProxy holds an answer in one buffer, with the headers. */
const mostBytes = 12 * 1024

/**
 * Reads the pages that `pages` names, and checks them: what cannot be shown is better refused now than found out by
 * visitors in the middle of an outage.
 * @throws TRI-CONFIG-006 one cannot be read; TRI-CONFIG-008 one is too large or no HTML.
 */
export async function readPages(
  files: Pages,
  { folder, file }: { readonly folder: string; readonly file: string },
): Promise<Pages> {
  const named = Object.entries(files) as unknown as readonly (readonly [PageName, string])[]
  const read = await Promise.all(
    named.map(async ([name, path]) => [name, check(name, path, await readOne(name, path), file)] as const),
  )
  return Object.fromEntries(read)

  async function readOne(name: PageName, path: string): Promise<Buffer> {
    try {
      return await readFile(join(folder, path))
    } catch (error) {
      throw failure('TRI-CONFIG-006', {
        what: `pages.${name} names ${path}, which cannot be read`,
        where: file,
        why: (error as Error).message,
        next: 'name an HTML file by its path, as seen from the config',
      })
    }
  }
}

function check(name: PageName, path: string, bytes: Buffer, file: string): string {
  const html = bytes.toString('utf8')
  const why = objections.find(({ if: applies }) => applies(html, bytes))?.why(bytes)
  if (why === undefined) return html
  throw failure('TRI-CONFIG-008', {
    what: `${path} cannot be shown as pages.${name}`,
    where: file,
    why,
    state: 'nothing was changed',
    next: 'the page holds all that it needs: styles in it, and pictures as SVG or small data: URLs',
  })
}

const objections: readonly {
  readonly if: (html: string, bytes: Buffer) => boolean
  readonly why: (bytes: Buffer) => string
}[] = [
  {
    if: (_, { length }) => length > mostBytes,
    why: ({ length }) => `it has ${Math.ceil(length / 1024)} KB; 12 KB is the most that HAProxy can hold ready`,
  },
  { if: (html, bytes) => !Buffer.from(html).equals(bytes), why: () => 'it is not text in UTF-8' },
  { if: (html) => !/<(!doctype html|html|head|body|title|h1)\b/i.test(html), why: () => 'it is not an HTML page' },
]
