import type { Stack } from '../../stack/stack.ts'

/** Redirects the other domains of the site to the first one. Unlisted names and bare addresses are served. */
export function renderDomains({ declared }: Pick<Stack, 'declared'>): readonly string[] {
  const [first, ...rest] = declared.balancer.domains ?? []
  const others = rest.filter((name) => name !== first)
  if (first === undefined || others.length === 0) return []
  return [
    `    # All other names of the site lead to ${first}. 308 keeps the method, and the scheme stays what the visitor used.
${others.map((name) => `    acl is-other-name var(txn.host),host_only,lower -m str ${name}\n`).join('')}    http-request redirect location //${first}%[pathq] code 308 if is-other-name { path_beg / }`,
  ]
}
