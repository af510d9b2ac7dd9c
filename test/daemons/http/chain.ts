import { readFileSync } from 'node:fs'
import type { Component, RenderContext } from '../../../src/components/component.ts'
import { haproxy } from '../../../src/components/haproxy/index.ts'
import { nginx } from '../../../src/components/nginx/index.ts'
import { contextFor } from '../../../src/components/testing/stacks.ts'
import type { Stack } from '../../../src/stack/stack.ts'
import { inImage } from '../in-image.ts'
import { type Answer, readAnswer } from './answer.ts'

/** A request as a visitor sends it. */
export interface Visit {
  /** Pieces, sent one after the other. */
  readonly send: readonly string[]
  /** Seconds between the pieces. */
  readonly pause?: number
  /** How long the visitor waits for the end of the answer, in seconds. */
  readonly seconds?: number
}

/** A request as the app got it. */
export interface Seen {
  readonly method: string
  readonly target: string
  readonly version: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly bytes: number
  /** The first hundred bytes of its body. */
  readonly start: string
  readonly trailers: readonly string[]
}

export interface Visited {
  readonly answers: Readonly<Record<string, Answer>>
  readonly seen: readonly Seen[]
  /** What both HAProxys and nginx logged. */
  readonly log: readonly string[]
}

interface Scene {
  readonly files?: Readonly<Record<string, string>>
  readonly stackState?: Partial<RenderContext['stackState']>
  readonly isAppUp?: boolean
}

/**
 * Sends requests through the whole chain, as it is configured: a balancer's HAProxy, a web server's nginx and sidecar, and an
 * app behind them. All are in one network namespace; only their addresses are other ones.
 */
export async function visitChain(
  visits: Readonly<Record<string, Visit>>,
  stack: Stack,
  { files = {}, stackState = {}, isAppUp = true }: Scene = {},
): Promise<Visited> {
  const contentOf = (component: Pick<Component, 'render'>, server: string, here: (text: string) => string) => {
    const context = contextFor(stack, server)
    const resources = component.render({ ...context, stackState: { ...context.stackState, ...stackState } })
    return Object.fromEntries(
      resources.flatMap((one) => (one.kind === 'file' ? [[here(one.path), here(one.content)]] : [])),
    )
  }
  const { output } = await inImage(start(isAppUp), {
    ...contentOf(haproxy, 'lb-1', atHome),
    ...contentOf(nginx, 'web-1', atHome),
    ...contentOf(haproxy, 'web-1', (text) => besideIt(atHome(text))),
    ...files,
    '/app.py': program('app.py'),
    '/visit.py': program('visit.py'),
    '/requests.json': JSON.stringify(visits),
  })
  const told = output.split('\n').find((line) => line.startsWith('{"answers"'))
  if (told === undefined) throw new Error(output)
  const { answers, seen, log } = JSON.parse(told) as {
    answers: Record<string, Parameters<typeof readAnswer>[0]>
    seen: Seen[]
    log: string[]
  }
  return {
    answers: Object.fromEntries(
      Object.entries(answers).map(([name, one]) => [name, readAnswer(one, visits[name]!.send[0]!.startsWith('HEAD '))]),
    ),
    seen,
    log,
  }
}

/** Every server of the chain at a loopback address. */
const atHome = (text: string): string =>
  text
    .replaceAll('198.18.0.31:80', '127.0.0.31:81')
    .replaceAll('198.18.0.111', '127.0.0.111')
    .replaceAll('198.18.0.11', '127.0.0.31')
    .replaceAll('198.18.0.12', '127.0.0.12')
    .replaceAll('listen 80 ', 'listen 127.0.0.31:81 ')
    .replaceAll('unix:/dev/log', 'unix:/run/log-of-nginx')

/** The sidecar runs beside the balancer's HAProxy here. */
const besideIt = (text: string): string =>
  text
    .replaceAll('/etc/haproxy/', '/etc/sidecar/')
    .replaceAll('127.0.0.1:8404', '127.0.0.1:8414')
    .replaceAll('/run/haproxy/admin.sock', '/run/haproxy/sidecar.sock')
    .replaceAll('/run/haproxy-server-state', '/run/sidecar-server-state')

const program = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8')

const start = (isAppUp: boolean): string => `
ip link set lo up
for address in 127.0.0.31 127.0.0.12 127.0.0.111; do ip address add $address dev lo 2>/dev/null; done
mkdir -p /run/haproxy /srv/web/current
# HAProxy drops a line of its log where ten wait already.
echo 1000 >/proc/sys/net/unix/max_dgram_qlen
${isAppUp ? 'python3 /app.py & app=$!\nuntil [ -e /run/app-listens ]; do sleep 0.05; done' : 'app='}
haproxy -W -D -f /etc/sidecar/haproxy.cfg -p /run/sidecar.pid
nginx
haproxy -W -D -f /etc/haproxy/haproxy.cfg -p /run/balancer.pid -L lb-1
# Until the checks are through; a first visitor tells.
sleep 1.5
${isAppUp ? 'for i in $(seq 50); do curl -fsS -m 1 -o /dev/null http://127.0.0.1/up 2>/dev/null && break; sleep 0.1; done' : ''}
timeout 60 python3 /visit.py
nginx -s stop; kill $app $(cat /run/sidecar.pid /run/balancer.pid); true
`
