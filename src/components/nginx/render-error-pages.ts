import { hasTier, type Stack } from '../../stack/stack.ts'
import type { RenderContext } from '../component.ts'
import { type PageWords, renderPage, requestId } from '../render-page.ts'

/**
 * The error pages of nginx itself: 413 for an upload larger than `web.uploadLimit`, and 502 when its sidecar, or the
 * app server behind it, ended in the middle of a request that must not be sent twice.
 */
type Status = 413 | 502

/** Only an app can end in the middle of a request. */
const statusesOf = (stack: Stack): readonly Status[] => (hasTier(stack, 'app') ? [413, 502] : [413])

type Context = Pick<RenderContext, 'pages' | 'stack'>

/** The pages of this server, each with where it lies: the user's own where there is one. */
export const errorPages = (context: Context): readonly { readonly path: string; readonly content: string }[] =>
  statusesOf(context.stack).map((status) => ({
    path: fileOf(status),
    content: (ownPage(status, context) ?? renderPage(words(status, context))).replaceAll(
      requestId,
      '<!--# echo var="trimaran_request_id" -->',
    ),
  }))

const fileOf = (status: Status): string => `/etc/nginx/pages/${status}.html`

/** A request without a complete answer may or may not have been carried out, as after a timeout. */
const ownPage = (status: Status, { pages }: Context): string | undefined => pages[status === 502 ? 504 : status]

const words = (status: Status, { stack }: Context): PageWords =>
  status === 413
    ? {
        title: 'Too large',
        heading: 'That is too large',
        text: `This site accepts up to ${inUnits(stack.declared.web.uploadLimit)} at a time. Please send something smaller, or in parts.`,
        number: 'The number of your request:',
      }
    : {
        title: 'Please check whether it was done',
        heading: 'Your request was cut off',
        text: 'A server of this site just failed. Your request may or may not have been carried out: please check before you send it again.',
        number: 'If this happens again, tell the operators of the site this number: it helps them to find the cause.',
      }

function inUnits(bytes: number): string {
  const [unit, size] = bytes >= 1024 ** 3 ? ['GB', 1024 ** 3] : bytes >= 1024 ** 2 ? ['MB', 1024 ** 2] : ['KB', 1024]
  return `${Number((bytes / size).toFixed(1))} ${unit}`
}

/** nginx puts the request id into the page with server-side includes. */
export const renderErrorPages = (stack: Stack): string =>
  statusesOf(stack)
    .map(
      (status) => `error_page ${status} ${pathOf(status)};
location = ${pathOf(status)} {
    internal;
    alias ${fileOf(status)};
    ssi on;
    charset utf-8;
    add_header Cache-Control no-store always;
}`,
    )
    .join('\n')

/** Visitors cannot request it. */
const pathOf = (status: Status): string => `/_trimaran/${status}.html`
