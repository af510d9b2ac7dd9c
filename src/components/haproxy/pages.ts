import type { TierName } from '../../stack/stack.ts'
import { type PageWords, renderPage } from './render-page.ts'

/** The pages that HAProxy shows by itself, by the name of their file. */
export type PageName = keyof typeof words

export const pagePath = (name: PageName): string => `/etc/haproxy/pages/${name}.html`

/** Seconds after which visitors, and programs, are to try again while the site is closed. */
export const maintenanceRetrySeconds = 60

const words = {
  unavailable: {
    title: 'Please try again',
    heading: 'Please try again in a moment',
    text: 'The site cannot answer right now. This is on our side, and usually over soon.',
    number: 'If it goes on, tell the operators of the site this number: with it they can find out why.',
  },
  maintenance: {
    title: 'Back soon',
    heading: 'We will be back soon',
    text: 'The site is closed for maintenance at the moment. This page tries again by itself, once a minute.',
    number: 'The number of your request:',
    refresh: maintenanceRetrySeconds,
  },
} as const satisfies Record<string, PageWords>

const shownBy: Readonly<Record<TierName, readonly PageName[]>> = {
  balancer: ['unavailable', 'maintenance'],
  web: ['unavailable'],
  app: [],
  database: [],
}

/** The pages that a server of this tier may have to show, each with what its file holds. */
export const pagesOf = (tier: TierName): readonly { readonly path: string; readonly content: string }[] =>
  shownBy[tier].map((name) => ({ path: pagePath(name), content: renderPage(words[name]) }))
