import { fieldOf } from './field-of.ts'
import { type Mistake, pathOf } from './mistake.ts'

/** The PROXY protocol says who the visitor is, so somebody must be named who may say it. The input need not be sound otherwise. */
export function checkProxies(input: unknown): readonly Mistake[] {
  const balancer = fieldOf(input, 'balancer')
  if (fieldOf(balancer, 'proxyProtocol') !== true) return []
  const proxies = fieldOf(balancer, 'trustedProxies')
  if (proxies !== undefined && !(Array.isArray(proxies) && proxies.length === 0)) return []
  const keys = ['balancer', 'proxyProtocol']
  return [
    {
      keys,
      path: pathOf(keys),
      problem: 'is true, but no proxy is named',
      reason: 'the PROXY protocol is accepted from balancer.trustedProxies alone',
      suggestion: "write trustedProxies: ['10.0.0.5'] with the addresses of your proxies",
    },
  ]
}
