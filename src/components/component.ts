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
  /** The variables with which the app finds other components, in the order of all components. */
  readonly appVariables: readonly AppVariables[]
}

export type State = 'well' | 'degraded' | 'drained' | 'down' | 'unknown'

/** The health of a component on one server. */
export interface ComponentHealth<Details = Figures> {
  readonly state: State
  /** What is wrong, and what to do about it; absent when all is well. */
  readonly note?: string
  /** True on the one server of its tier that others depend on now: holder of the address, database leader. */
  readonly isLeader?: boolean
  /** Figures for `status`, by component. */
  readonly details?: Details
  /** The reports made from them, by role; added once the figures are valid. */
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
  /** What visitors notice when it dies on this server of this stack. */
  readonly whenItDies: string
}

export type Benefit = 'scalability' | 'isolation' | 'redundancy' | 'performance' | 'ease of maintenance'

/** A TCP port on which a component listens. */
export interface Listening {
  readonly port: number
  /** The unit that may listen there; any other program is a conflict. */
  readonly unit: string
  /** Who may connect: the callers that a link names, or this server alone. */
  readonly reach: 'network' | 'loopback'
}

/**
 * One piece of software on a server: a folder with one entry point, `index.ts`. All of it is pure. `Details` are its
 * figures in `status`; `roles` says what else it can do.
 */
export interface Component<Details extends Figures = Figures> {
  /** Its name in `names.ts`. */
  readonly name: ComponentName
  belongsOn(server: Server, stack: Pick<Stack, 'servers' | 'declared'>): boolean
  /** The connections that it accepts, and those that only it opens. Called with the stack before links are known. */
  links(stack: Omit<Stack, 'links'>): readonly Link[]
  /** The Debian packages that it needs; rendered as resources and put into the lab's image. */
  readonly packages: readonly string[]
  /** Those that only some configs need: it renders them itself, and the lab's image for such a config has them. */
  packagesFor?(declared: Stack['declared']): readonly string[]
  /** What it may place on a server: nothing else is believed of a manifest, or removed. */
  readonly owns?: Owned
  /** The TCP ports that it listens on here. The ports open to the network are exactly those of the links. */
  listens(server: Server, stack: Stack): readonly Listening[]
  render(context: RenderContext): readonly Resource[]
  readonly health: {
    /** Prints an answer in whatever form `read` understands; must end within two seconds and never fail. */
    ask(server: Server, stack: Stack): Shell
    /**
     * `told` lists the drained servers, from this server's own copy of the stack state: what is drained is not down.
     */
    read(answer: string, server: Server, stack: Stack, told: Drained): Omit<ComponentHealth<Details>, 'reports'>
    /** The schema of the figures: an answer is untrusted data, and figures that do not fit are dropped. */
    readonly details: z.ZodType<Details>
    /** The reports for the rest of the house, from valid figures. */
    report?(details: Details): Partial<Reports>
  }
  readonly roles?: Partial<Roles>
  explain(server: Server, stack: Stack): Explanation
  /** True where others on the same server call it: when it is removed, it stops after they have been changed. */
  readonly stopsAfterCallers?: boolean
  /**
   * Whether it is auxiliary on that server: it works for another tier, and callers of the server's own tier do not
   * notice its restart.
   */
  isAuxiliary?(server: Pick<Server, 'tier'>): boolean
  /** Remarks about where it is placed, shown with a plan; whole sentences. */
  remarks?(stack: Stack): readonly string[]
}

/** A component that has a role, with it. */
export interface Having<R extends keyof Roles> {
  readonly component: Component
  readonly role: Roles[R]
}

/** The components that have a role, in their order. */
export const having = <R extends keyof Roles>(components: readonly Component[], name: R): readonly Having<R>[] =>
  components.flatMap((component) => {
    const role = component.roles?.[name]
    return role === undefined ? [] : [{ component, role }]
  })

/** The variables with which the app on one server finds the components of the stack. */
export const gatherAppVariables = (components: readonly Component[], context: ServerContext): readonly AppVariables[] =>
  having(components, 'givesAppVariables')
    .filter(({ component }) => context.stack.servers.some((server) => component.belongsOn(server, context.stack)))
    .map(({ role }) => role.variablesFor(context))
