import type { Owned } from '../resources/own-resources.ts'
import type { z } from 'zod'
import type { Resource } from '../resources/resource.ts'
import type { Shell } from '../shell/sh.ts'
import type { Drained } from '../stack/stack-state.ts'
import type { Link, Server, Stack } from '../stack/stack.ts'
import type { ComponentName } from './names.ts'
import type { AppVariables, Reports, Roles } from './roles.ts'
import type { ServerContext } from './server-context.ts'

export type { ComponentName } from './names.ts'
export type * from './roles.ts'
export type { ServerContext } from './server-context.ts'

/** What a component renders from. */
export interface RenderContext extends ServerContext {
  /** What the components give the app to find them by, in the order of the list of all. */
  readonly appVariables: readonly AppVariables[]
}

export type State = 'well' | 'degraded' | 'drained' | 'down' | 'unknown'

/** What a component says of itself on one server. */
export interface ComponentHealth<Details = Figures> {
  readonly state: State
  /** What to know, and what to do about it; empty when all is well. */
  readonly note?: string
  /** True on the one server of its tier that others depend on now: holder of the address, database leader. */
  readonly isLeader?: boolean
  /** Figures for `status`, by component. */
  readonly details?: Details
  /** What they mean to others, by role; added once they were found sound. */
  readonly reports?: Partial<Reports>
}

export type Figures = Readonly<Record<string, unknown>>

/** What a component is for, in words for an operator. */
export interface Explanation {
  /** What it is, one sentence. */
  readonly what: string
  /** Why it is there, one or two sentences. */
  readonly why: string
  readonly brings: Readonly<Partial<Record<Benefit, string>>>
  /** What visitors notice when it dies on this server of this very stack. */
  readonly whenItDies: string
}

export type Benefit = 'scalability' | 'isolation' | 'redundancy' | 'performance' | 'ease of maintenance'

/** A TCP port on which a component listens. */
export interface Listening {
  readonly port: number
  /** The unit that may listen there; any other program is a conflict. */
  readonly unit: string
  /** Who gets there: those whom a link names, or this very server alone. */
  readonly reach: 'network' | 'loopback'
}

/**
 * One piece of software on a server: a folder with one entry point, `index.ts`. All of it is pure. `Details` are the figures that
 * it tells in `status`; what it can do beyond being there stands in `roles`.
 */
export interface Component<Details extends Figures = Figures> {
  /** Under which the list of all has it. */
  readonly name: ComponentName
  belongsOn(server: Server, stack: Pick<Stack, 'servers' | 'declared'>): boolean
  /** The connections that it accepts, and those that it alone opens. Given the stack before links are known. */
  links(stack: Omit<Stack, 'links'>): readonly Link[]
  /** The Debian packages that it needs; rendered as resources and put into the lab's image. */
  readonly packages: readonly string[]
  /** What is its own on a server: nothing else of it is believed, or removed. */
  readonly owns?: Owned
  /** The TCP ports that it listens on here. Those that are open to the network are those of the links, no more, no less. */
  listens(server: Server, stack: Stack): readonly Listening[]
  render(context: RenderContext): readonly Resource[]
  readonly health: {
    /** Prints an answer in whatever form `read` understands; must end within two seconds and never fail. */
    ask(server: Server, stack: Stack): Shell
    /** `told` is who is drained, by this server's own copy of the stack state: what is out of service on purpose is not down. */
    read(answer: string, server: Server, stack: Stack, told: Drained): Omit<ComponentHealth<Details>, 'reports'>
    /** What the figures may be: the answer is data from a stranger, and what does not fit is not believed. */
    readonly details: z.ZodType<Details>
    /** What figures that fit mean to the rest of the house. */
    report?(details: Details): Partial<Reports>
  }
  readonly roles?: Partial<Roles>
  explain(server: Server, stack: Stack): Explanation
  /** True where others on the same server call it: once it is wanted no more it stops after they have been changed. */
  readonly stopsAfterCallers?: boolean
  /**
   * Whether it is auxiliary on that server: it works for another tier, and nobody who calls the server's own tier notices
   * what happens to it there.
   */
  isAuxiliary?(server: Pick<Server, 'tier'>): boolean
  /** What an operator should know of where it was placed, shown with a plan; whole sentences. */
  remarks?(stack: Stack): readonly string[]
}

/** A component that has a role, with it. */
export interface Having<R extends keyof Roles> {
  readonly component: Component
  readonly role: Roles[R]
}

/** Those of the components that have a role, in their order. */
export const having = <R extends keyof Roles>(components: readonly Component[], name: R): readonly Having<R>[] =>
  components.flatMap((component) => {
    const role = component.roles?.[name]
    return role === undefined ? [] : [{ component, role }]
  })

/** What the components on any server of the stack give the app to find them by, for the app on one server. */
export const gatherAppVariables = (components: readonly Component[], context: ServerContext): readonly AppVariables[] =>
  having(components, 'givesAppVariables')
    .filter(({ component }) => context.stack.servers.some((server) => component.belongsOn(server, context.stack)))
    .map(({ role }) => role.variablesFor(context))
