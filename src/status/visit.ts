/** What a request of a visitor met, through the address of the site. */
export interface Visit {
  readonly url: string
  /** Who asked: `this computer`, or the name of a server. */
  readonly from: string
  /** Whether anybody answered at all. */
  readonly isAnswered: boolean
  /** Whether each request was answered, and none by somebody who excuses the app. */
  readonly isServed: boolean
  /** Whether the answer is one of the app that is well. */
  readonly isWell: boolean
  /** `answers (200 to /up)`, `does not answer (connect ECONNREFUSED …)` */
  readonly answer: string
}
