import { bodyOf } from './pages.ts'

export interface Refusal {
  readonly status: number
  /** The answer for people and for programs. */
  readonly page: Parameters<typeof bodyOf>[0]
  /** Seconds, for Retry-After. */
  readonly retrySeconds?: number
  /** Conditions of HAProxy, all of which must hold; empty for always. */
  readonly condition: string
}

/** A rule that refuses a request: programs that ask for JSON get JSON, all others a page. */
export const refuse = (refusal: Refusal): string => `    http-request ${returning(refusal)}`

/** A rule that replaces an answer in the same way. */
export const replaceAnswer = (refusal: Refusal): string => `    http-response ${returning(refusal)}`

const returning = ({ status, page, retrySeconds, condition }: Refusal): string =>
  `return status ${status} ${bodyOf(page)}${retrySeconds === undefined ? '' : ` hdr Retry-After ${retrySeconds}`}${condition === '' ? '' : ` if ${condition}`}`
