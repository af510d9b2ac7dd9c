import type { Stack } from '../../stack/stack.ts'
import { claimedHeaders, framingHeaders, identityHeaders } from '../claimed-headers.ts'

/** How many of the user's proxies may stand one behind the other in front of the balancers. */
const mostProxies = 5

/**
 * The visitor's address and URL: from here on `src` is the visitor's own address, and txn.scheme, txn.host and txn.port
 * are what the visitor used. Only trusted proxies are believed; for all others it is what the connection shows.
 */
export function renderVisitor({ declared }: Pick<Stack, 'declared'>): string {
  const { trustedProxies, proxyProtocol } = declared.balancer
  return `    # The visitor's address: ${trustedProxies.length === 0 ? 'that of the connection.' : 'as told by the proxies of the config (trustedProxies), and by nobody else.'}
    http-request set-var(txn.scheme) str(http)
    http-request set-var(txn.host) req.hdr(Host)
${trustedProxies.length === 0 ? '' : renderTrust(proxyProtocol)}${renderCleaning(trustedProxies.length > 0)}
    http-request set-header X-Forwarded-For %[src]
    http-request set-header X-Forwarded-Proto %[var(txn.scheme)]
    http-request set-header X-Forwarded-Host %[var(txn.host)]${
      trustedProxies.length === 0
        ? ''
        : `
    http-request set-header X-Forwarded-Port %[var(txn.port)] if { var(txn.port) -m found }`
    }`
}

/** An address from the PROXY protocol counts like that of a connection; it is read only once. */
const renderTrust = (proxyProtocol: boolean): string => `    http-request set-var(txn.proxied) bool(true) if is-proxy
    # The rightmost address that is not a proxy's: anything left of it may be forged.
    http-request set-var(txn.hops) int(0)
${Array.from({ length: mostProxies }, (_, index) => renderHop(index + 1)).join('')}${
  proxyProtocol
    ? `    # A proxy that ends TLS and speaks the PROXY protocol tells it by the port that the visitor asked, or by a field of its own.
    http-request set-var(txn.scheme) str(https) if { dst_port 443 } || { fc_pp_tlv(0x20),bytes(0,1),hex -m reg '[13579BDF]$' }
`
    : ''
}    http-request set-var(txn.scheme) str(https) if { var(txn.proxied) -m bool } { req.hdr(X-Forwarded-Proto,-1) -i https }
    http-request set-var(txn.host) req.hdr(X-Forwarded-Host,-1) if { var(txn.proxied) -m bool } { req.hdr(X-Forwarded-Host,-1) -m reg '^[A-Za-z0-9._:[\\]-]{1,255}$' }
    http-request set-var(txn.port) req.hdr(X-Forwarded-Port,-1) if { var(txn.proxied) -m bool } { req.hdr(X-Forwarded-Port,-1) -m reg '^[0-9]{1,5}$' }
`

/** One step to the left, while the address so far is a proxy's; anything that is not an address ends it. */
const renderHop = (hop: number): string => {
  const told = `req.hdr_ip(X-Forwarded-For,-${hop})`
  return `    http-request set-var(txn.hops) int(${hop}) if is-proxy { var(txn.hops) -m int ${hop - 1} } { ${told} -m found }
    http-request set-src ${told} if { var(txn.hops) -m int ${hop} }
`
}

/** A name as a regular expression. Some servers read every other character as a hyphen: `X_Forwarded_For`. */
const pattern = (name: string): string => name.replaceAll('-', '[^a-z0-9]').replace('*', '.*')

const claimed = `^(?!(?:${identityHeaders.map(pattern).join('|')})$)(?:${claimedHeaders.map(pattern).join('|')})$`
const identity = `^(?:${identityHeaders.map(pattern).join('|')})$`

const mistaken = `^(?:${framingHeaders.map((name) => name.replace('-', '[^a-z0-9-]')).join('|')})$`

const renderCleaning = (
  isSomeTrusted: boolean,
): string => `    # Headers that frameworks believe, and that visitors can forge, are removed, also as X_Forwarded_For and X.Forwarded.For.
    http-request del-header '${claimed}' -m reg
    http-request del-header '${mistaken}' -m reg
    # The signed-in user: nobody may send it${isSomeTrusted ? ' but a proxy of the config' : ''}.
    http-request del-header '${identity}' -m reg${isSomeTrusted ? ' unless { var(txn.proxied) -m bool }' : ''}
    # Only WebSockets may upgrade from HTTP/1.1; HTTP/2 in clear text is not allowed.
    http-request del-header HTTP2-Settings
    http-request del-header Upgrade unless { req.hdr(Upgrade) -i websocket }`
