import type { ServerReport } from '../explain/findings.ts'
import type { Answer } from '../observation/observation.ts'
import { isObservation } from '../observation/observation.ts'

/** What `check` and the refusals of a plan look at. `nowSeconds` is the operator's clock; without it none is judged. */
export function reportServer(server: string, answer: Answer, nowSeconds?: number): ServerReport {
  if (!isObservation(answer)) return { server, reachable: false, why: answer.unreachable }
  const { host, stack, manifest } = answer
  return {
    ...host,
    server,
    reachable: true,
    placed: [...new Set(manifest.map((line) => line.slice(0, line.indexOf(' '))))],
    ...(nowSeconds !== undefined && { clockOffsetSeconds: host.clockSeconds - nowSeconds }),
    ...(stack !== undefined && { stack }),
  }
}
