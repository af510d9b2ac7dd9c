import type { Project } from '../project.ts'
import type { LoadReport } from './report.ts'

/** Keys of the writes that were acknowledged, and that the database does not have. */
export async function lostWrites(
  project: Pick<Project, 'trimaran'>,
  { run, acknowledged }: Pick<LoadReport, 'run' | 'acknowledged'>,
): Promise<readonly string[]> {
  const question = `select key from entries where key like '${run}-%'`
  const { code, stdout, stderr } = await project.trimaran('psql', '--lab', '--', '-At', '-c', question)
  if (code !== 0) throw new Error(`nobody could look for the writes: ${stderr}`)
  const kept = new Set(stdout.split('\n'))
  return acknowledged.filter((key) => !kept.has(key))
}
