import { lostHeader } from '../lost-header.ts'
import { hasTier, type Stack } from '../../stack/stack.ts'
import type { RenderContext } from '../component.ts'
import { type PageWords, renderJson, renderPage, requestId } from '../render-page.ts'

/** The error pages of nginx itself; 413 is for an upload larger than `web.uploadLimit`. */
type Status = 400 | 413 | 500 | 504

/** Only an app can take too long. */
const statusesOf = (stack: Stack): readonly Status[] => (hasTier(stack, 'app') ? [400, 413, 500, 504] : [400, 413, 500])

type Context = Pick<RenderContext, 'pages' | 'stack'>

const folder = '/etc/nginx/pages'

/** The pages of this server, for people and for programs: the user's own where there is one. */
export const errorPages = (context: Context): readonly { readonly path: string; readonly content: string }[] =>
  statusesOf(context.stack).flatMap((status) => [
    {
      path: `${folder}/${status}.html`,
      content: withId(ownPage(status, context) ?? renderPage(words(status, context))),
    },
    { path: `${folder}/${status}.json`, content: withId(renderJson(status, words(status, context))) },
  ])

const withId = (page: string): string => page.replaceAll(requestId, '<!--# echo var="trimaran_request_id" -->')

const ownPage = (status: Status, { pages }: Context): string | undefined =>
  status === 413 || status === 504 ? pages[status] : undefined

const number = 'If this happens again, tell the operators of the site this number: it helps them to find the cause.'

const words = (status: Status, { stack }: Context): PageWords =>
  ({
    400: {
      title: 'Not understood',
      heading: 'That was not understood',
      text: 'The request is no valid HTTP, or names no place of this site.',
      number,
    },
    413: {
      title: 'Too large',
      heading: 'That is too large',
      text: `This site accepts up to ${inUnits(stack.declared.web.uploadLimit)} at a time. Please send something smaller, or in parts.`,
      number: 'The number of your request:',
    },
    500: {
      title: 'Something went wrong',
      heading: 'Something went wrong',
      text: 'The site could not work on your request. The problem is on our side.',
      number,
    },
    504: {
      title: 'No answer',
      heading: 'There was no answer',
      text: 'The site took too long. Your request may or may not have been carried out: please check before you send it again.',
      number,
    },
  })[status]

function inUnits(bytes: number): string {
  const [unit, size] = bytes >= 1024 ** 3 ? ['GB', 1024 ** 3] : bytes >= 1024 ** 2 ? ['MB', 1024 ** 2] : ['KB', 1024]
  return `${Number((bytes / size).toFixed(1))} ${unit}`
}

/** Which kind of page a visitor prefers: the balancers say so. */
export const errorFormat = `map $http_x_trimaran_errors $error_format {
    default html;
    json json;
}`

/** nginx puts the request id into the page with server-side includes. Visitors cannot request it. */
export const renderErrorPages = (stack: Stack): string =>
  `${statusesOf(stack)
    .map((status) => `error_page ${status} /_trimaran/errors/${status}.$error_format;`)
    .join('\n')}
location ^~ /_trimaran/errors/ {
    internal;
    alias ${folder}/;
    ssi on;
    ssi_types application/json;
    charset utf-8;
    add_header Cache-Control no-store always;
}${hasTier(stack, 'app') ? `\n\n${lost}` : ''}`

/**
 * 425 means that the request may be sent again (RFC 8470). HAProxy can repeat on it, and apps behind HTTP/1.1 have no use for it. If
 * nginx gave no answer at all, HAProxy would give the visitor none either on a kept connection, and browsers then ask again.
 */
const lost = `# An app server, or the sidecar, that ended without an answer: the balancer sends the request to another web server, where HTTP
# allows it, and gives the visitor a 502 of its own.
error_page 502 @lost;
location @lost {
    add_header ${lostHeader} yes always;
    return 425;
}`
