export interface Refusal {
  readonly status: number
  /** A word for programs. */
  readonly error: string
  readonly message: string
  /** The page for people. */
  readonly page: string
  /** Seconds, for Retry-After. */
  readonly retrySeconds: number
  /** Conditions of HAProxy, all of which must hold; empty for always. */
  readonly condition: string
}

/** Rules that refuse a request: programs that ask for JSON get JSON, all others a page. Browsers ask for HTML. */
export function refuse({ status, error, message, page, retrySeconds, condition }: Refusal): string {
  const json = `{"error":"${error}","message":"${message}","request_id":"%[var(txn.request_id)]"}`
  const headers = `hdr Cache-Control no-store hdr Retry-After ${retrySeconds}`
  const asksForJson = '{ req.hdr(Accept) -m sub -i application/json } !{ req.hdr(Accept) -m sub -i text/html }'
  const otherwise = condition === '' ? '' : ` if ${condition}`
  return `    http-request return status ${status} content-type application/json lf-string '${json}' ${headers} if ${`${condition} ${asksForJson}`.trim()}
    http-request return status ${status} content-type "text/html; charset=utf-8" lf-file ${page} ${headers}${otherwise}`
}
