import type { PageName } from '../../config/schema.ts'
import type { TierName } from '../../stack/stack.ts'
import type { RenderContext } from '../component.ts'
import { type PageWords, renderJson, renderPage } from '../render-page.ts'

/** The answers that HAProxy itself gives: all but the one about large uploads, which is nginx's. */
type OwnPage = Exclude<PageName, 413> | 400 | 408 | 500 | 502

/** Seconds after which visitors and programs should try again while the site is closed. */
export const maintenanceRetrySeconds = 60

const number = 'If this happens again, tell the operators of the site this number: it helps them to find the cause.'

const words: Readonly<Record<OwnPage, PageWords>> = {
  400: {
    title: 'Not understood',
    heading: 'That was not understood',
    text: 'The request is no valid HTTP, or it carries more than this site accepts. Often it helps to delete the cookies of this site.',
    number,
  },
  408: {
    title: 'Too slow',
    heading: 'Your request did not arrive',
    text: 'It took too long to arrive. Please send it again.',
    number,
  },
  429: {
    title: 'Too many requests',
    heading: 'Please wait a moment',
    text: 'Your address sent more requests than this site allows in a short time. You can go on in a moment.',
    number: 'The number of your request:',
  },
  500: {
    title: 'Something went wrong',
    heading: 'Something went wrong',
    text: 'The site could not work on your request. The problem is on our side.',
    number,
  },
  502: {
    title: 'Please check whether it was done',
    heading: 'The answer was lost',
    text: 'A server of this site just failed, or its answer could not be read. Your request may or may not have been carried out: please check before you send it again.',
    number,
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
  balancer: [400, 408, 429, 500, 502, 503, 504, 'maintenance'],
  web: [502, 503, 504],
}

/** A request without a complete answer may or may not have been carried out, as after a timeout. */
const ownPage = (name: OwnPage, { pages }: Pick<RenderContext, 'pages'>): string | undefined =>
  name === 502 ? pages[504] : name === 400 || name === 408 || name === 500 ? undefined : pages[name]

/** The answers that a server may have to give, for people and for programs: the user's own page where there is one. */
export const pagesOf = ({ server, pages }: Pick<RenderContext, 'server' | 'pages'>) => {
  const names = shownBy[server.tier] ?? []
  if (names.length === 0) return []
  const errors = names.map((name) => `${name} ${renderJson(name === 'maintenance' ? 503 : name, words[name])}`)
  return [
    ...names.map((name) => ({
      path: `${folder}/${name}.html`,
      content: ownPage(name, { pages }) ?? renderPage(words[name]),
    })),
    { path: `${folder}/errors.map`, content: errors.join('') },
  ]
}

const folder = '/etc/haproxy/pages'

/** HAProxy's content for an answer of its own: HTML, or JSON for who asks for it. `answer.lua` reads the files. */
export const bodyOf = (name: OwnPage): string =>
  `content-type "text/html; charset=utf-8" lf-string "%[lua.page(${name})]" hdr Cache-Control no-store`

/** The answers of a tier to what HAProxy itself finds wrong: all that have a status of their own. */
export const renderErrors = (tier: TierName): string =>
  (shownBy[tier] ?? [])
    .filter((name) => name !== 'maintenance' && name !== 429)
    .map((name) => `    http-error status ${name} ${bodyOf(name)}${name > 500 ? ' hdr Retry-After 5' : ''}`)
    .join('\n')

/** `answer.lua` says when it gave JSON: where `txn.as_json` says that the visitor prefers it. */
export const renderFormat = `    # Errors are JSON for who asks for it.
    http-after-response set-header Content-Type application/json if { var(txn.is_json) -m bool }`
