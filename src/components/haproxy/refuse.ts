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
export const refuse = ({ status, page, retrySeconds, condition }: Refusal): string =>
  `    http-request return status ${status} ${bodyOf(page)}${retrySeconds === undefined ? '' : ` hdr Retry-After ${retrySeconds}`}${condition === '' ? '' : ` if ${condition}`}`
