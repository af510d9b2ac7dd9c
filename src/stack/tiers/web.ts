import { isAlone } from '../stack.ts'
import { isSomeLeft, type Tier } from './tier.ts'

/** First contact: static files, and the way to the app. */
export const web: Tier = {
  hostPrefix: 'web',
  labHost: 31,
  enough: 2,
  hasLeader: false,
  routesOn: true,
  dataFolder: '/srv',
  reached: 'nginx is',
  title: 'Web tier',
  purpose: () =>
    'The web servers: serve static files, buffer slow visitors and uploads, and pass only complete ' +
    'requests on, so that the app only does its own work.',
  whenOneDies: (stack) =>
    isAlone(stack, 'web')
      ? 'Every request is answered with an error until it is back.'
      : 'Requests that can be repeated are repeated on another one. A form that was just being sent may fail once.',
  survives: isSomeLeft,
  consequence: (lost) => `Every request fails until ${lost} is back: all requests pass through it.`,
  loss: 'visitors would get an error page',
  backInService: 'all balancers send requests there again; its share grows over five seconds',
  note: ({ declared }) => `files of ${declared.web.root}/; the rest goes on to the app`,
  diagram: {
    title: 'Web servers',
    subtitle: () => 'static files, first contact',
    light: { ink: '#0b766e', wash: '#f0f9f8', tint: '#d2eeea' },
    dark: { ink: '#4fd0c3', wash: '#0f1d20', tint: '#14403d' },
  },
}
