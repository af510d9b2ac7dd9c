/** A row of HAProxy's statistics, by the names of its header (`pxname`, `svname`, `status` …). */
export type Row = Readonly<Partial<Record<string, string>>>

/** Reads what `show stat` answers; no rows where HAProxy did not answer. See its management guide, section 9.1. */
export function readStatistics(answer: string): readonly Row[] {
  const [header = '', ...lines] = answer.split('\n').filter((line) => line.trim() !== '')
  if (!header.startsWith('# ')) return []
  const names = header.slice(2).split(',')
  return lines.map((line) => {
    const values = fieldsOf(line)
    return Object.fromEntries(names.map((name, position) => [name, values[position] ?? '']))
  })
}

/** A field with a comma or a quote in it is quoted; quotes within are doubled. */
function fieldsOf(line: string): readonly string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
  )
}
