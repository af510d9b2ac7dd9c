import type { File } from '../resources/resource.ts'

/** A file that root owns and everybody may read, unless `more` says otherwise. */
export const rootFile = (path: string, content: string, more: Partial<Omit<File, 'kind'>> = {}): File => ({
  kind: 'file',
  path,
  content,
  owner: 'root',
  group: 'root',
  mode: '0644',
  ...more,
})
