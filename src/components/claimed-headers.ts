/**
 * Headers that say where a request comes from: proxies set them, and frameworks and servers believe them. A visitor can
 * send any of them, so they are removed, on balancers and again on web servers. The true values are then set in the few
 * headers that the app may believe (`X-Forwarded-For`, `-Proto`, `-Host`, `-Port`, `X-Real-IP`). In lower case, as
 * HAProxy sees them; a star stands for the rest of a name, and a hyphen for any such character: a CGI or WSGI server reads
 * `X_Forwarded_For` as the name with hyphens. Other names with an underscore or a dot are passed on.
 */
export const claimedHeaders = [
  // Who the visitor is.
  'forwarded',
  'forwarded-for',
  'x-forward-for',
  'x-forwarded',
  'x-forwarded-for',
  'x-real-ip',
  'x-client-ip',
  'x-cluster-client-ip',
  'x-originating-ip',
  'x-remote-ip',
  'x-remote-addr',
  'x-proxyuser-ip',
  'client-ip',
  'remote-addr',
  'proxy-client-ip',
  'wl-proxy-client-ip',
  'true-client-ip',
  'cf-connecting-ip',
  'cf-connecting-ipv6',
  'cf-pseudo-ipv4',
  'fastly-client-ip',
  'fly-client-ip',
  'do-connecting-ip',
  'incap-client-ip',
  'x-azure-clientip',
  'x-azure-socketip',
  'x-envoy-external-address',
  'x-nf-client-connection-ip',
  'x-sucuri-clientip',
  'cloudfront-viewer-address',
  // By which scheme and port.
  'x-forwarded-proto',
  'x-forwarded-protocol',
  'x-forwarded-scheme',
  'x-forwarded-ssl',
  'x-forwarded-port',
  'x-scheme',
  'x-url-scheme',
  'x-arr-ssl',
  'x-https',
  'front-end-https',
  'cf-visitor',
  'cloudfront-forwarded-proto',
  'fly-forwarded-proto',
  'fly-forwarded-port',
  'fly-forwarded-ssl',
  // To which host and path.
  'x-forwarded-host',
  'x-forwarded-server',
  'x-forwarded-prefix',
  'x-forwarded-path',
  'x-forwarded-uri',
  'x-forwarded-method',
  'x-host',
  'x-http-host-override',
  'x-http-path-override',
  'x-original-host',
  'x-original-url',
  'x-original-uri',
  'x-rewrite-url',
  'x-waws-unencoded-url',
  'x-script-name',
  'script-name',
  // Headers that change what a server does: CGI's HTTP_PROXY, and the path from which Rack sends files.
  'proxy',
  'x-sendfile-type',
  'x-accel-mapping',
  'x-accel-redirect',
  // Headers that Trimaran's own servers send each other.
  'x-request-id',
  'x-trimaran-balancer',
  'x-trimaran-web',
  'x-trimaran-process',
  // Whole families, for names that software may use later.
  'x-forwarded-*',
  'x-original-*',
  'x-rewrite-*',
  'x-accel-*',
  'x-appengine-*',
  'x-envoy-*',
  'x-trimaran-*',
] as const

/**
 * Headers with which a proxy in front of the site names the signed-in user. Believed from `trustedProxies`, and removed
 * from all other requests.
 */
export const identityHeaders = [
  'x-forwarded-user',
  'x-forwarded-email',
  'x-forwarded-groups',
  'x-forwarded-preferred-username',
  'x-forwarded-access-token',
  'x-forwarded-client-cert',
  'x-auth-request-*',
  'x-authenticated-*',
  'x-remote-user',
  'x-remote-groups',
  'x-remote-name',
  'x-remote-email',
  'x-webauth-*',
  'x-ssl-*',
  'x-client-cert*',
  'x-client-dn',
  'x-client-verify',
  'x-arr-clientcert',
  'x-goog-authenticated-user-*',
  'x-amzn-oidc-*',
  'x-ms-client-principal*',
  'remote-user',
  'remote-groups',
  'remote-name',
  'remote-email',
  'client-cert',
  'client-cert-chain',
  'ssl-client-*',
] as const

/** Headers that say where a request ends: names that are read like theirs are removed. */
export const framingHeaders = ['content-length', 'transfer-encoding'] as const
