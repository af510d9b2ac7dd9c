import type { File } from '../../resources/resource.ts'
import { handOverPath } from '../../resources/state-folder.ts'
import type { RenderContext } from '../component.ts'
import { askProgram } from '../haproxy/index.ts'
import { placeProgram } from '../program.ts'
import { addressOf } from './address.ts'
import { paths } from './paths.ts'

/** How long new visitors may wait for the other balancer, in seconds. */
const gateSeconds = 3

/** The longest wait for open connections, in seconds: other steps wait for this one. */
const longestPatience = 600

/** Gives the address to another balancer without losing a request. */
export function handOver(context: RenderContext): File {
  const { app, balancer } = context.stack.declared
  const isMoved = typeof balancer.virtualAddress === 'object' && balancer.virtualAddress.move !== undefined
  return placeProgram(import.meta.url, 'hand-over', handOverPath('keepalived.service'), {
    ADDRESS: addressOf(context).ip,
    ASK: askProgram,
    PATIENCE: Math.min(Math.ceil(app.drainTimeout), longestPatience),
    GATE: gateSeconds,
    IS_MOVED: isMoved ? 'yes' : 'no',
  })
}

/** Runs the operator's own command, which moves the address in the network. */
export const moveAddress = (command: string): File =>
  placeProgram(import.meta.url, 'move-address', paths.moveAddress, { COMMAND: command })
