import { readFileSync } from 'node:fs'
import type { Component, RenderContext } from '../../../src/components/component.ts'
import { haproxy } from '../../../src/components/haproxy/index.ts'
import { nginx } from '../../../src/components/nginx/index.ts'
import { contextFor } from '../../../src/components/testing/stacks.ts'
import type { Stack } from '../../../src/stack/stack.ts'
import { inImage } from '../in-image.ts'

export interface Request {
  /** The address that it is sent from; 127.0.0.1 unless stated. */
  readonly from?: string
  readonly send: string
}

export interface Answer {
  /** The answer's first line. */
  readonly status: string
  /** What the app got: a request line and headers for each request. */
  readonly got: readonly { readonly line: string; readonly headers: Readonly<Record<string, string>> }[]
}

export const headersOf = (answer: Answer | undefined): Readonly<Record<string, string>> => {
  if (answer?.got[0] === undefined) throw new Error(`the app got nothing: ${JSON.stringify(answer)}`)
  return answer.got[0].headers
}

/** What became of each request, sent to a balancer as it is. */
export async function ask<Name extends string>(
  requests: Readonly<Record<Name, Request>>,
  stack: Stack,
  stackState: Partial<RenderContext['stackState']> = {},
): Promise<Readonly<Record<Name, Answer>>> {
  const contentOf = (component: Pick<Component, 'render'>, server: string): Readonly<Record<string, string>> => {
    const context = contextFor(stack, server)
    const resources = component.render({ ...context, stackState: { ...context.stackState, ...stackState } })
    return Object.fromEntries(resources.flatMap((one) => (one.kind === 'file' ? [[one.path, one.content]] : [])))
  }
  const atHome = (text: string): string =>
    text
      .replaceAll('198.18.0.31:80', '127.0.0.31:81')
      .replaceAll('198.18.0.32:80', '127.0.0.31:81')
      .replaceAll('198.18.0.11', '127.0.0.31')
      .replaceAll('198.18.0.12', '127.0.0.12')
      .replaceAll('listen 80 ', 'listen 127.0.0.31:81 ')
      .replaceAll('http://127.0.0.1:8404/alive', 'http://app')
  const files = Object.fromEntries(
    Object.entries({ ...contentOf(nginx, 'web-1'), ...contentOf(haproxy, 'lb-1') }).map(([path, text]) => [
      path,
      atHome(text),
    ]),
  )
  const { output } = await inImage(script, {
    ...files,
    '/srv/web/current/index.html': '',
    '/app.py': program('app.py'),
    '/ask.py': program('ask.py'),
    '/requests.json': JSON.stringify(requests),
  })
  const told = output.split('\n').find((line) => line.startsWith('{"'))
  if (told === undefined) throw new Error(output)
  return JSON.parse(told) as Readonly<Record<Name, Answer>>
}

const script = `
ip link set lo up
ip address add 127.0.0.31 dev lo 2>/dev/null; ip address add 127.0.0.12 dev lo 2>/dev/null; ip address add 10.9.0.1/32 dev lo
mkdir -p /run/haproxy
python3 /app.py & app=$!
until [ -S /run/haproxy/app.sock ]; do sleep 0.1; done
nginx
haproxy -W -D -f /etc/haproxy/haproxy.cfg -L lb-1 >/dev/null 2>&1
for i in $(seq 50); do curl -fsS -m 1 -o /dev/null http://127.0.0.1:8404/alive && break; sleep 0.1; done 2>/dev/null
sleep 1.2
python3 /ask.py
nginx -s stop 2>/dev/null; kill $app $(pidof haproxy) 2>/dev/null; true
`

const program = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8')
