import type { PageName } from '../../config/schema.ts'
import type { TierName } from '../../stack/stack.ts'
import type { RenderContext } from '../component.ts'
import { type PageWords, renderPage, requestId } from '../render-page.ts'

/** The pages that HAProxy itself answers with: all but the one about large uploads, which is nginx's. */
type OwnPage = Exclude<PageName, 413>

/** The path of a page on a server. */
export const pagePath = (name: OwnPage): string => `/etc/haproxy/pages/${name}.html`

/** Seconds after which visitors and programs should try again while the site is closed. */
export const maintenanceRetrySeconds = 60

const number = 'If this happens again, tell the operators of the site this number: it helps them to find the cause.'

const words: Readonly<Record<OwnPage, PageWords>> = {
  429: {
    title: 'Too many requests',
    heading: 'Please wait a moment',
    text: 'Your address sent more requests than this site allows in a short time. You can go on in a moment.',
    number: 'The number of your request:',
  },
  503: {
    title: 'Please try again',
    heading: 'Please try again in a moment',
    text: 'The site cannot answer right now. The problem is on our side and usually short.',
    number,
  },
  504: {
    title: 'No answer',
    heading: 'There was no answer',
    text: 'The site took too long, or the connection was cut off. Your request may or may not have been carried out: please check before you send it again.',
    number,
  },
  maintenance: {
    title: 'Back soon',
    heading: 'We will be back soon',
    text: 'The site is closed for maintenance at the moment. This page reloads once a minute.',
    number: 'The number of your request:',
    refresh: maintenanceRetrySeconds,
  },
}

/** Fixed for each tier, so that no setting adds or removes a file. */
const shownBy: Readonly<Partial<Record<TierName, readonly OwnPage[]>>> = {
  balancer: [429, 503, 504, 'maintenance'],
  web: [503, 504],
}

/** The pages that a server may have to show, each with its content: the user's own where there is one. */
export const pagesOf = ({ server, pages }: Pick<RenderContext, 'server' | 'pages'>) =>
  (shownBy[server.tier] ?? []).map((name) => ({
    path: pagePath(name),
    content: asLogFormat(pages[name] ?? renderPage(words[name])),
  }))

/**
 * HTML as a log format of HAProxy, so that a page can contain the request id: percent signs are escaped, and
 * `{{request_id}}` becomes the id.
 */
const asLogFormat = (html: string): string => html.replaceAll('%', '%%').replaceAll(requestId, '%[var(txn.request_id)]')
