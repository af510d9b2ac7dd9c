import type { File } from '../../resources/resource.ts'
import type { RenderContext } from '../component.ts'
import { placeProgram } from '../program.ts'
import { lastingBackends } from './lasting-backends.ts'
import { places, selfPort } from './places.ts'
import { leastInterval, placeholder } from './services.ts'
import { connectMilliseconds } from './tune.ts'

/** What stands around HAProxy: each says itself what it does. */
export const programs = ({ server, stack }: RenderContext): readonly File[] => {
  const backends = lastingBackends(server, stack)
  return [
    place('ask-haproxy', places.ask, { SOCKET: places.adminSocket }),
    place('haproxy-is-alive', places.alive, { PORT: selfPort }),
    place('readiness', places.readiness, { ASK: places.ask, INTERVAL: leastInterval }),
    place('watch-server', places.watch, { ASK: places.ask, PLACEHOLDER: placeholder }),
    place('reload-haproxy', places.reload, {
      ASK: places.ask,
      MASTER: places.masterSocket,
      CONFIG: places.config,
      STATE: places.serverState,
    }),
    ...(backends.length === 0 ? [] : [leaveDatabases(backends)]),
  ]
}

/** HAProxy reads it itself. */
const leaveDatabases = (backends: readonly string[]): File => ({
  ...place('leave-databases.lua', places.leave, { BACKENDS: backends, GRACE: connectMilliseconds + 100 }),
  mode: '0644',
  onChange: 'reload',
})

const place = placeProgram.bind(undefined, import.meta.url)
