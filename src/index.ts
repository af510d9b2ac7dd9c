import type { StackInput } from './config/stack-input.ts'

export type { AppInput, ProcessInput, RuntimeInput, SecretInput } from './config/app-input.ts'
export { app, database, site, text } from './config/references.ts'
export type { Reference, ReferenceText, UrlWish, VariableInput } from './config/references.ts'
export type { ServerInput, ServersInput } from './config/servers-input.ts'
export type {
  BalancerInput,
  DatabaseInput,
  HooksInput,
  LabInput,
  PagesInput,
  RateLimitInput,
  SshInput,
  StackInput,
  VirtualAddressInput,
  WebInput,
} from './config/stack-input.ts'

/**
 * Declares a stack. It returns what it is given: its use is that the editor completes and checks what is written.
 *
 * @example
 * ```ts
 * import { defineStack } from 'trimaran'
 *
 * export default defineStack({
 *   name: 'guestbook',
 *   balancer: { servers: 2 },
 *   web: { servers: 1 },
 *   app: { servers: 1, start: 'node server.js', health: '/up' },
 *   database: { servers: 1 },
 * })
 * ```
 */
export function defineStack(stack: StackInput): StackInput {
  return stack
}
