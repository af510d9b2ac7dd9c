import type { TierName } from '../../stack/stack.ts'
import type { RenderContext } from '../component.ts'
import { errorAnswer, type ErrorName } from '../error-answers.ts'

/** The answers that HAProxy itself gives: all but the one about large uploads, which is nginx's. */
type OwnPage = Exclude<ErrorName, 413>

/** Fixed for each tier, so that no setting adds or removes a file. */
const shownBy: Readonly<Partial<Record<TierName, readonly OwnPage[]>>> = {
  balancer: [400, 408, 429, 500, 502, 503, 504, 'maintenance'],
  web: [502, 503, 504],
}

const folder = '/etc/haproxy/pages'
const pageOf = (name: OwnPage): string => `${folder}/${name}.html`
const errorsMap = `${folder}/errors.map`

/** The files with a tier's answers: a page for people each, and for programs one file with all. */
export const pagePathsOf = (tier: TierName): readonly string[] => {
  const names = shownBy[tier] ?? []
  return names.length === 0 ? [] : [...names.map(pageOf), errorsMap]
}

/** The same with their content. */
export const pagesOf = (context: Pick<RenderContext, 'server' | 'stack' | 'pages'>) => {
  const answers = (shownBy[context.server.tier] ?? []).map((name) => ({ name, ...errorAnswer(name, context) }))
  if (answers.length === 0) return []
  return [
    ...answers.map(({ name, html }) => ({ path: pageOf(name), content: html })),
    { path: errorsMap, content: answers.map(({ name, json }) => `${name} ${json}`).join('') },
  ]
}

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
