import type { Orders } from '../../stack/orders.ts'
import { maintenanceRetrySeconds, pagePath } from './pages.ts'

/** The rules that close the site to visitors; empty while it is open. What keepalived asks is not touched by them. */
export function renderMaintenance({ maintenance }: Orders): readonly string[] {
  if (maintenance === undefined) return []
  const { allow } = maintenance
  const exception = allow.length === 0 ? '' : ' !sees-site'
  const headers = `hdr Cache-Control no-store hdr Retry-After ${maintenanceRetrySeconds}`
  const words =
    '{"error":"maintenance","message":"The site is closed for maintenance.","request_id":"%[var(txn.request_id)]"}'
  return [
    `    # Closed for maintenance by an operator: \`trimaran maintenance off\` opens it again.${allow.length === 0 ? '' : ' These see the site all the same.'}
${allow.map((address) => `    acl sees-site src ${address}\n`).join('')}    # Programs that ask for JSON get JSON, everybody else the page.
    acl wants-json req.hdr(Accept) -m sub -i application/json
    acl wants-html req.hdr(Accept) -m sub -i text/html
    http-request return status 503 content-type application/json lf-string '${words}' ${headers} if wants-json !wants-html${exception}
    http-request return status 503 content-type "text/html; charset=utf-8" lf-file ${pagePath('maintenance')} ${headers}${exception === '' ? '' : ` if${exception}`}`,
  ]
}
