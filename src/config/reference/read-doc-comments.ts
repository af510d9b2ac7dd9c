/** The files in `src/config` whose comments document the settings. */
export const documentedFiles = ['stack-input.ts', 'servers-input.ts', 'app-input.ts'] as const

/** What their comments say: its types by name, and the settings of each in order. */
export type Documentation = ReadonlyMap<string, DocumentedType>

export interface DocumentedType extends Comment {
  /** Empty for a type that is no interface. */
  readonly settings: readonly DocumentedSetting[]
}

export interface DocumentedSetting extends Comment {
  readonly name: string
  readonly isRequired: boolean
  /** Names of documented types that its own type mentions. */
  readonly types: readonly string[]
}

interface Comment {
  readonly text: string
  readonly examples: readonly string[]
}

const comment = String.raw`/\*\*((?:(?!\*/)[\s\S])*?)\*/\s*\n\s*`
const typePattern = new RegExp(`${comment}export (?:interface (\\w+) \\{\\n([\\s\\S]*?)\\n\\}|type (\\w+) =)`, 'g')
const settingPattern = new RegExp(`${comment}readonly (\\w+)(\\??): (.+)`, 'g')

/** Reads a file of exported interfaces and types in the style of this project: each has a comment, one line a field. */
export function readDocComments(source: string): Documentation {
  const types = [...source.matchAll(typePattern)].map(([, text = '', name, body = '', alias]) => {
    const settings = [...body.matchAll(settingPattern)].map(readSetting)
    return [name ?? alias ?? '', { ...readComment(text), settings }] as const
  })
  return new Map(types)
}

function readSetting([, text = '', name = '', mark, type = '']: RegExpMatchArray): DocumentedSetting {
  return { ...readComment(text), name, isRequired: mark === '', types: type.match(/\b\w+Input\b/g) ?? [] }
}

function readComment(raw: string): Comment {
  const lines = raw.split('\n').map((line) => line.replace(/^\s*\* ?/, '').trim())
  const [text = '', ...examples] = lines.join('\n').split('@example')
  return { text: text.trim().replaceAll(/\s*\n\s*/g, ' '), examples: examples.map((example) => example.trim()) }
}
