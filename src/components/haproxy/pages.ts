import type { PageName } from '../../config/schema.ts'
import type { TierName } from '../../stack/stack.ts'
import type { RenderContext } from '../component.ts'
import { type PageWords, renderPage, requestId } from '../render-page.ts'

/** The pages that HAProxy shows by itself: all but the one about large uploads, which is nginx's. */
type OwnPage = Exclude<PageName, 413>

/** Where a page lies on a server, by what it is shown for. */
export const pagePath = (name: OwnPage): string => `/etc/haproxy/pages/${name}.html`

/** Seconds after which visitors, and programs, are to try again while the site is closed. */
export const maintenanceRetrySeconds = 60

const number = 'If it goes on, tell the operators of the site this number: with it they can find out why.'

const words: Readonly<Record<OwnPage, PageWords>> = {
  429: {
    title: 'Too many requests',
    heading: 'Please wait a moment',
    text: 'More requests came from your address than this site allows in so short a time. In a moment you can go on.',
    number: 'The number of your request:',
  },
  503: {
    title: 'Please try again',
    heading: 'Please try again in a moment',
    text: 'The site cannot answer right now. This is on our side, and usually over soon.',
    number,
  },
  504: {
    title: 'No answer',
    heading: 'There was no answer',
    text: 'The site took too long, or was cut off in the middle. It may or may not have done what you asked for: please look before you ask again.',
    number,
  },
  maintenance: {
    title: 'Back soon',
    heading: 'We will be back soon',
    text: 'The site is closed for maintenance at the moment. This page tries again by itself, once a minute.',
    number: 'The number of your request:',
    refresh: maintenanceRetrySeconds,
  },
}

/** Fixed for each tier, so that no setting adds or takes away a file. */
const shownBy: Readonly<Partial<Record<TierName, readonly OwnPage[]>>> = {
  balancer: [429, 503, 504, 'maintenance'],
  web: [503, 504],
}

/** The pages that a server may have to show, each with what its file holds: the user's own where there is one. */
export const pagesOf = ({ server, pages }: Pick<RenderContext, 'server' | 'pages'>) =>
  (shownBy[server.tier] ?? []).map((name) => ({
    path: pagePath(name),
    content: asLogFormat(pages[name] ?? renderPage(words[name])),
  }))

/**
 * HTML as a log format of HAProxy, which is how a page names the request: percent signs mean themselves, and
 * `{{request_id}}` becomes the number.
 */
const asLogFormat = (html: string): string => html.replaceAll('%', '%%').replaceAll(requestId, '%[var(txn.request_id)]')
