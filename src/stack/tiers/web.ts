import { hasTier, isAlone, type Stack } from '../stack.ts'
import { isSomeLeft, type Tier } from './tier.ts'

/** Who answers where no file does. */
function answersRest(stack: Stack): string {
  const { fallback } = stack.declared.web
  if (hasTier(stack, 'app')) return 'the rest goes on to the app'
  return fallback === undefined ? 'the rest is not found' : `${fallback} for the rest`
}

function whenOneDies(stack: Stack): string {
  if (isAlone(stack, 'web')) return 'Every request is answered with an error until it is back.'
  const repeated = 'Requests that can be repeated are repeated on another one.'
  return hasTier(stack, 'app') ? `${repeated} A form that was just being sent may fail once.` : repeated
}

/** First contact: static files, and the way to the app. */
export const web: Tier = {
  hostPrefix: 'web',
  labHost: 31,
  enough: 2,
  hasLeader: false,
  routesOn: (stack) => hasTier(stack, 'app'),
  dataFolder: '/srv',
  title: 'Web tier',
  purpose: (stack) =>
    hasTier(stack, 'app')
      ? 'The web servers: serve static files, buffer slow visitors and uploads, and pass only complete ' +
        'requests on, so that the app only does its own work.'
      : 'The web servers: serve the files of the site, which has no app, and wait for slow visitors.',
  whenOneDies,
  survives: isSomeLeft,
  consequence: (lost) => `Every request fails until ${lost} is back: all requests pass through it.`,
  loss: 'visitors would get an error page',
  backInService: 'all balancers send requests there again; its share grows over five seconds',
  note: (stack) => `files of ${stack.declared.web.root}/; ${answersRest(stack)}`,
  diagram: {
    title: 'Web servers',
    subtitle: (stack) => (hasTier(stack, 'app') ? 'static files, first contact' : 'the files of the site'),
    light: { ink: '#0b766e', wash: '#f0f9f8', tint: '#d2eeea' },
    dark: { ink: '#4fd0c3', wash: '#0f1d20', tint: '#14403d' },
  },
}
