import { isAlone, serversOf, type Stack } from '../stack.ts'
import { isSomeLeft, type Tier } from './tier.ts'

/** The other programs of the release: `with worker, clock`. */
function besideIt({ app: { processes } }: Stack['declared']): readonly string[] {
  const names = Object.keys(processes)
  return names.length === 0 ? [] : [`with ${names.join(', ')}`]
}

/** What is so where several servers keep files that the app writes: visitors would find a file, or not, by turns. */
export function ownCopies(
  stack: Pick<Stack, 'servers' | 'declared'>,
): { readonly what: string; readonly why: string; readonly next: string } | undefined {
  const { writable } = stack.declared.app
  const count = serversOf(stack, 'app').length
  if (writable.length === 0 || count < 2) return undefined
  return {
    what: `Each of the ${count} app servers has its own copy of ${writable.join(', ')} (app.writable)`,
    why: 'What the app writes on one of them, the others do not have',
    next: 'keep such files in object storage, or use one app server',
  }
}

/** The user's own program. */
export const app: Tier = {
  hostPrefix: 'app',
  labHost: 111,
  enough: 2,
  hasLeader: false,
  routesOn: () => true,
  dataFolder: '/srv',
  title: 'Application tier',
  purpose: ({
    declared: {
      app: { writable },
    },
  }) =>
    writable.length === 0
      ? 'Your own program. It keeps nothing on its own disk, so any of its servers can answer any ' +
        'request, and a deploy replaces it on some servers at a time.'
      : `Your own program. It keeps files in ${writable.join(', ')}: each of its servers has its own, and deploys keep them.`,
  whenOneDies: (stack) =>
    isAlone(stack, 'app')
      ? 'Static files are still served. All other requests fail until it is back.'
      : 'Requests that can be repeated are repeated on another one. A form that was just being sent may fail once.',
  survives: isSomeLeft,
  consequence: (
    lost,
    {
      declared: {
        app: { writable },
      },
    },
  ) =>
    `Static files are still served; all other requests fail until ${lost} is back.${writable.length === 0 ? '' : ` If its disk is lost, so is what the app wrote in ${writable.join(', ')}: Trimaran makes no backups yet.`}`,
  loss: 'visitors would get an error page for all but static files',
  backInService: 'all web servers send requests there again; its share grows over five seconds',
  note: ({ declared }) => [declared.app.start, ...besideIt(declared)].join('; '),
  diagram: {
    title: 'Application servers',
    subtitle: ({ declared }) => ['your program, the business logic', ...besideIt(declared)].join('; '),
    light: { ink: '#6540c9', wash: '#f7f4fe', tint: '#e6defb' },
    dark: { ink: '#b69cff', wash: '#171629', tint: '#322a5c' },
  },
}
