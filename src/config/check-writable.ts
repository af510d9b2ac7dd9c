import { fieldOf } from './field-of.ts'
import { type Mistake, pathOf } from './mistake.ts'

/** Finds writable folders that lie in one another; the input need not be sound otherwise. */
export function checkWritableFolders(input: unknown): readonly Mistake[] {
  const folders = fieldOf(fieldOf(input, 'app'), 'writable')
  if (!Array.isArray(folders)) return []
  const named = folders.filter((folder) => typeof folder === 'string')
  return named.flatMap((folder, index): readonly Mistake[] => {
    const outer = named.find((other, at) => (other === folder ? at < index : `${folder}/`.startsWith(`${other}/`)))
    if (outer === undefined) return []
    const keys = ['app', 'writable', index]
    const problem = outer === folder ? `is ${folder}, as is another one` : `is ${folder}, which lies in ${outer}`
    return [{ keys, path: pathOf(keys), problem, reason: `${outer} is writable already`, suggestion: 'leave it out' }]
  })
}
