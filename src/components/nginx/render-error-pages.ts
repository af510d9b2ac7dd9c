import { lostHeader } from '../lost-header.ts'
import { hasTier, type Stack } from '../../stack/stack.ts'
import type { RenderContext } from '../component.ts'
import { errorAnswer } from '../error-answers.ts'
import { requestId } from '../render-page.ts'

/** The error pages of nginx itself; 413 is for an upload larger than `web.uploadLimit`. */
type Status = 400 | 413 | 500 | 504

/** Only an app can take too long. */
const statusesOf = (stack: Stack): readonly Status[] => (hasTier(stack, 'app') ? [400, 413, 500, 504] : [400, 413, 500])

const folder = '/etc/nginx/pages'

/** The answers of this server, for people and for programs. */
export const errorPages = (
  context: Pick<RenderContext, 'stack' | 'pages'>,
): readonly { readonly path: string; readonly content: string }[] =>
  statusesOf(context.stack).flatMap((status) => {
    const { html, json } = errorAnswer(status, context)
    return [
      { path: `${folder}/${status}.html`, content: withId(html) },
      { path: `${folder}/${status}.json`, content: withId(json) },
    ]
  })

const withId = (page: string): string => page.replaceAll(requestId, '<!--# echo var="trimaran_request_id" -->')

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
