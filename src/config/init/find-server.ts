import type { Folder } from './folder.ts'
import type { NodeProject } from './node-project.ts'

/** What lies in there shows or tests something, or is run by hand: it says nothing of what the app is served by. */
const beside =
  /(?:^|\/)(?:examples?|samples?|demos?|docs?|tests?|specs?|__tests__|__mocks__|e2e|bench(?:marks?)?|scripts?|tools?|fixtures?|templates?)\/|[._](?:test|spec|bench)\.\w+$/

/** The source in JavaScript or TypeScript, nearest to the top, that starts a server by this sign. */
export const findServer = (folder: Folder, sign: RegExp): string | undefined =>
  folder.find(/\.[cm]?[jt]sx?$/).find((path) => !beside.test(path) && sign.test(folder.text(path)))

/** Whether package.json starts the app with another program than this one: then a source with this one's server is a second way. */
export function startsOtherwise(project: NodeProject | undefined, program: string): boolean {
  const start = project?.scripts['start']
  return start !== undefined && !new RegExp(`\\b${program}\\b`).test(start)
}
