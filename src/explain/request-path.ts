import {
  hasTier,
  hasDatabaseElsewhere,
  linksOutOf,
  publicAddress,
  type Server,
  serversOf,
  type Stack,
  type TierName,
} from '../stack/stack.ts'
import type { PathStep } from './explained.ts'
import { listNames, rangesOf } from './text.ts'

/** The way of one request through this stack, step by step, in words. */
export function tracePath(stack: Stack): readonly PathStep[] {
  return [
    { where: 'visitors', what: `Open http://${publicAddress(stack)}.` },
    ...enterStack(stack),
    { where: oneOf(stack, 'web'), what: nginxStep(stack) },
    ...(hasTier(stack, 'app') ? askApp(stack) : []),
    ...(hasTier(stack, 'database') ? askDatabase(stack) : []),
  ]
}

const askApp = (stack: Stack): readonly PathStep[] => [
  { where: 'its sidecar', what: `The HAProxy beside nginx passes it to ${healthy(stack, 'app')}.` },
  { where: oneOf(stack, 'app'), what: `Runs \`${stack.declared.app.start}\` and answers.${whereDataIs(stack)}` },
]

const askDatabase = (stack: Stack): readonly PathStep[] => [
  { where: 'its sidecar', what: primaryStep(stack) },
  { where: oneOf(stack, 'database'), what: databaseStep(stack) },
]

function whereDataIs(stack: Stack): string {
  if (hasTier(stack, 'database')) return ' For data it connects to 127.0.0.1.'
  return hasDatabaseElsewhere(stack)
    ? ' For data it connects to the database of DATABASE_URL, which is not part of the stack.'
    : ''
}

function enterStack(stack: Stack): readonly PathStep[] {
  const balancers = serversOf(stack, 'balancer')
  const spread = `HAProxy passes the request to ${healthy(stack, 'web')}.`
  if (stack.virtualAddress === undefined) return [{ where: nameAll(balancers.slice(0, 1)), what: spread }]
  const who = listNames(
    balancers.map(({ name }) => name),
    'or',
  )
  const standby = balancers.length === 1 ? '' : ' When the holder fails, another takes it over.'
  return [
    { where: stack.virtualAddress.address, what: `The virtual address, held by ${who}.${standby}` },
    { where: balancers.length === 1 ? who : 'its holder', what: spread },
  ]
}

function nginxStep(stack: Stack): string {
  const { root, fallback } = stack.declared.web
  const rest = hasTier(stack, 'app') ? 'goes on to the app' : `is answered with ${fallback ?? '404'}`
  return `nginx answers with a file of ${root}/ where there is one. The rest ${rest}.`
}

function primaryStep(stack: Stack): string {
  const names = serversOf(stack, 'database').map(({ name }) => name)
  const port = portInto(stack, 'app', 'database')
  const there =
    stack.declared.database.pool === undefined
      ? 'The HAProxy beside the app listens there, and connects it'
      : 'PgBouncer listens there, the pool, and the HAProxy beside it connects that'
  return names.length === 1
    ? `${there} to ${names[0]}${port}.`
    : `${there} to the primary${port}: whichever of ${listNames(names)} leads now.`
}

const databaseStep = (stack: Stack): string =>
  serversOf(stack, 'database').length === 1
    ? 'PostgreSQL writes it to disk and acknowledges.'
    : 'The primary acknowledges a write once it is on a second server too.'

function healthy(stack: Stack, tier: 'web' | 'app'): string {
  const servers = serversOf(stack, tier)
  const port = portInto(stack, tier === 'web' ? 'balancer' : 'web', tier)
  const names = nameAll(servers)
  return servers.length === 1 ? `${names}${port}` : `a healthy one of ${names}${port}, each in turn`
}

function portInto(stack: Stack, from: TierName, to: TierName): string {
  const link = linksOutOf(stack, from).find((one) => one.to === to && one.service !== undefined)
  return link === undefined ? '' : `, port ${listNames(rangesOf(link.ports), 'or')}`
}

const nameAll = (servers: readonly Server[]): string => listNames(servers.map(({ name }) => name))

const oneOf = (stack: Stack, tier: TierName): string => {
  const names = serversOf(stack, tier).map(({ name }) => name)
  return names.length > 2 ? `${names[0]!.replace(/-1$/, '')}-1 … ${names.at(-1)}` : listNames(names, 'or')
}
