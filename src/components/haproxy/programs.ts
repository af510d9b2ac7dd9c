import type { File } from '../../resources/resource.ts'
import type { RenderContext } from '../component.ts'
import type { TierName } from '../../stack/stack.ts'
import { placeProgram, type Setting } from '../program.ts'
import { lastingBackends } from './lasting-backends.ts'
import { paths, selfPort } from './paths.ts'
import { leastInterval, placeholder } from './services.ts'
import { connectMilliseconds } from './tune.ts'

/** The programs around HAProxy; each one says in its head what it does. */
export const programs = ({ server, stack }: RenderContext): readonly File[] => {
  const backends = lastingBackends(server, stack)
  return [
    place('ask-haproxy', paths.ask, { SOCKET: paths.adminSocket }),
    place('haproxy-is-alive', paths.alive, { PORT: selfPort }),
    place('readiness', paths.readiness, { ASK: paths.ask, INTERVAL: leastInterval }),
    place('watch-server', paths.watch, { ASK: paths.ask, PLACEHOLDER: placeholder }),
    place('reload-haproxy', paths.reload, {
      ASK: paths.ask,
      MASTER: paths.masterSocket,
      CONFIG: paths.config,
      STATE: paths.serverState,
    }),
    ...luaOn(server.tier).map(({ name, path }) => readByHaproxy(name, path)),
    ...(backends.length === 0
      ? []
      : [readByHaproxy('leave-databases.lua', paths.leave, { BACKENDS: backends, GRACE: connectMilliseconds + 100 })]),
  ]
}

const answer = { name: 'answer.lua', path: paths.answer } as const
const interim = { name: 'drop-interim-answers.lua', path: paths.interim } as const

/** The Lua of a tier that HAProxy runs in its own process, without what depends on a stack. */
export const luaOn = (tier: TierName): readonly { readonly name: string; readonly path: string }[] =>
  tier === 'balancer' ? [answer] : tier === 'web' ? [answer, interim] : []

/** A program that HAProxy reads itself. */
const readByHaproxy = (name: string, path: string, settings: Readonly<Record<string, Setting>> = {}): File => ({
  ...place(name, path, settings),
  mode: '0644',
  onChange: 'reload',
})

const place = placeProgram.bind(undefined, import.meta.url)
