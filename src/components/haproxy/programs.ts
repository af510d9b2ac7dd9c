import type { File } from '../../resources/resource.ts'
import type { RenderContext } from '../component.ts'
import { placeProgram } from '../program.ts'
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
    ...(backends.length === 0 ? [] : [leaveDatabases(backends)]),
  ]
}

/** HAProxy reads it itself. */
const leaveDatabases = (backends: readonly string[]): File => ({
  ...place('leave-databases.lua', paths.leave, { BACKENDS: backends, GRACE: connectMilliseconds + 100 }),
  mode: '0644',
  onChange: 'reload',
})

const place = placeProgram.bind(undefined, import.meta.url)
