import type { RenderContext } from '../component.ts'
import { renderPage, requestId } from '../render-page.ts'

/** Where the page lies, and the path under which nginx finds it when it refuses a body; visitors cannot ask for it. */
export const tooLargeFile = '/etc/nginx/pages/413.html'
export const tooLargePath = '/_trimaran/413.html'

/** The page for uploads that are larger than `web.uploadLimit`: the user's own where there is one. */
export const renderTooLargePage = ({ pages, stack }: Pick<RenderContext, 'pages' | 'stack'>): string =>
  (pages[413] ?? renderPage(words(stack.declared.web.uploadLimit))).replaceAll(
    requestId,
    '<!--# echo var="trimaran_request_id" -->',
  )

const words = (limit: number) => ({
  title: 'Too large',
  heading: 'That is too large',
  text: `This site takes up to ${inUnits(limit)} at a time. Please send something smaller, or in parts.`,
  number: 'The number of your request:',
})

function inUnits(bytes: number): string {
  const [unit, size] = bytes >= 1024 ** 3 ? ['GB', 1024 ** 3] : bytes >= 1024 ** 2 ? ['MB', 1024 ** 2] : ['KB', 1024]
  return `${Number((bytes / size).toFixed(1))} ${unit}`
}

/** nginx puts the number of the request into the page, which is what its server-side includes are on for. */
export const renderTooLarge = (): string => `error_page 413 ${tooLargePath};
location = ${tooLargePath} {
    internal;
    alias ${tooLargeFile};
    ssi on;
    charset utf-8;
    add_header Cache-Control no-store always;
}`
