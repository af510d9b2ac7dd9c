import type { PageName, Pages } from '../config/schema.ts'
import { formatBytes } from '../speech/format-bytes.ts'
import type { RenderContext } from './component.ts'
import { type PageWords, renderJson, renderPage } from './render-page.ts'

/** What a server of the chain may have to say by itself: a status, or that the site is closed. */
export type ErrorName = PageName | 400 | 408 | 500 | 502

/** Seconds after which visitors and programs should try again while the site is closed. */
export const maintenanceRetrySeconds = 60

const again = 'If this happens again, tell the operators of the site this number: it helps them to find the cause.'
const plainly = 'The number of your request:'

const allWords: Readonly<Record<Exclude<ErrorName, 413>, PageWords>> = {
  400: {
    title: 'Not understood',
    heading: 'That was not understood',
    text: 'The request is no valid HTTP, or it carries more than this site accepts. Often it helps to delete the cookies of this site.',
    number: again,
  },
  408: {
    title: 'Too slow',
    heading: 'Your request did not arrive',
    text: 'It took too long to arrive. Please send it again.',
    number: again,
  },
  429: {
    title: 'Too many requests',
    heading: 'Please wait a moment',
    text: 'Your address sent more requests than this site allows in a short time. You can go on in a moment.',
    number: plainly,
  },
  500: {
    title: 'Something went wrong',
    heading: 'Something went wrong',
    text: 'The site could not work on your request. The problem is on our side.',
    number: again,
  },
  502: {
    title: 'Please check whether it was done',
    heading: 'The answer was lost',
    text: 'A server of this site just failed, or its answer could not be read. Your request may or may not have been carried out: please check before you send it again.',
    number: again,
  },
  503: {
    title: 'Please try again',
    heading: 'Please try again in a moment',
    text: 'The site cannot answer right now. The problem is on our side and usually short.',
    number: again,
  },
  504: {
    title: 'No answer',
    heading: 'There was no answer',
    text: 'The site took too long, or the connection was cut off. Your request may or may not have been carried out: please check before you send it again.',
    number: again,
  },
  maintenance: {
    title: 'Back soon',
    heading: 'We will be back soon',
    text: 'The site is closed for maintenance at the moment. This page reloads once a minute.',
    number: plainly,
    refresh: maintenanceRetrySeconds,
  },
}

const tooLarge = (uploadLimit: number): PageWords => ({
  title: 'Too large',
  heading: 'That is too large',
  text: `This site accepts up to ${formatBytes(uploadLimit)} at a time. Please send something smaller, or in parts.`,
  number: plainly,
})

/**
 * An answer for people, which may be the user's own page, and for programs. `{{request_id}}` in it stands for the id of the request:
 * HAProxy and nginx put it in, each in its own way.
 */
export function errorAnswer(
  name: ErrorName,
  { stack, pages }: Pick<RenderContext, 'stack' | 'pages'>,
): { readonly html: string; readonly json: string } {
  const words = name === 413 ? tooLarge(stack.declared.web.uploadLimit) : allWords[name]
  return {
    html: ownPage(name, pages) ?? renderPage(words),
    json: renderJson(name === 'maintenance' ? 503 : name, words),
  }
}

/** A lost answer is like one that came too late: the request may or may not have been carried out. */
function ownPage(name: ErrorName, pages: Pages): string | undefined {
  const shown = name === 502 ? 504 : name
  return shown === 400 || shown === 408 || shown === 500 ? undefined : pages[shown]
}
