import type { Explained, ExplainedTier, PathStep, Talk } from './explained.ts'
import { renderComponent, type Surroundings } from './render-component.ts'
import { renderOutside, renderSinglePoints } from './render-single-points.ts'
import { countOf } from '../speech/count-of.ts'
import { besideLabel, listNames, namePorts, type RenderOptions, wrapText } from './text.ts'
import { tiers } from '../stack/tiers.ts'
import { trimaran } from '../speech/suggested-command.ts'

/** What was explained, as a text to read from top to bottom; ends without a newline. */
export function renderExplanation(explained: Explained, options: RenderOptions): string {
  const { path, tiers, everywhere, singlePoints, outside } = explained
  const isWhole = path.length > 0
  const sections = [
    ...(isWhole ? [renderHeadline(explained, options), renderPath(path, options)] : []),
    ...tiers.map((tier) => renderTier(tier, isWhole ? 'brief' : 'full', options)),
    ...(everywhere.length > 0 ? [renderEverywhere(explained, options)] : []),
    ...(isWhole || singlePoints.length > 0 ? [renderSinglePoints(singlePoints, options)] : []),
    ...(outside.length > 0 ? [renderOutside(outside, options)] : []),
    ...(isWhole ? [renderHint(options)] : []),
  ]
  return sections.map((lines) => lines.join('\n')).join('\n\n\n')
}

type Lines = readonly string[]

const margin = 2
const column = 18

function renderHeadline({ stack, tiers }: Explained, { style }: RenderOptions): Lines {
  const servers = tiers.reduce((sum, tier) => sum + tier.servers.length, 0)
  return [`${style.strong(stack)}: ${countOf(servers, 'server')} in ${countOf(tiers.length, 'tier')}`]
}

function renderPath(path: readonly PathStep[], options: RenderOptions): Lines {
  const steps = path.flatMap(({ where, what }) => labelled(where, what, options))
  return [options.style.strong('How a request travels'), '', ...steps]
}

function renderTier(tier: ExplainedTier, detail: Surroundings['detail'], options: RenderOptions): Lines {
  const servers = tier.servers.map(({ name }) => name)
  return [
    `${options.style.strong(tiers[tier.tier].title)}  ${options.style.dim(listServers(tier))}`,
    '',
    ...wrapText(tier.purpose, options.width - margin).map((line) => ' '.repeat(margin) + line),
    '',
    ...tier.components.flatMap((component) => [...renderComponent(component, { servers, detail }, options), '']),
    ...renderTalks(tier.talks, servers, options),
    ...labelled(`if ${servers.length === 1 ? servers[0] : 'one'} dies`, tier.whenOneDies, options),
  ]
}

function listServers({ servers }: ExplainedTier): string {
  if (servers.length > 3) return listNames(servers.map(({ name }) => name))
  return servers.map(({ name, address }) => `${name} ${address}`).join(', ')
}

function renderEverywhere({ everywhere, everywhereTalks, tiers }: Explained, options: RenderOptions): Lines {
  const servers = tiers.flatMap((tier) => tier.servers.map(({ name }) => name))
  const parts = everywhere.flatMap((component) => [
    '',
    ...renderComponent(component, { servers, detail: 'brief' }, options),
  ])
  return [
    options.style.strong('On every server'),
    ...parts,
    '',
    ...renderTalks(everywhereTalks, servers, options).slice(0, -1),
  ]
}

const renderHint = ({ width, style }: RenderOptions): Lines =>
  wrapText(
    `${trimaran('explain web')}, or ${trimaran('explain web-1')}, tells what each part of it brings, and how.`,
    width,
  ).map((line) => style.dim(line))

/** A label that would be the same as the one above it is left out. */
function renderTalks(talks: readonly Talk[], servers: readonly string[], options: RenderOptions): Lines {
  const labels = talks.map((talk) => talkLabels[talk.direction](talk))
  const lines = talks.flatMap((talk, index) =>
    labelled(labels[index] === labels[index - 1] ? '' : labels[index]!, describeTalk(talk, servers), options),
  )
  return lines.length === 0 ? [] : [...lines, '']
}

const talkLabels: Readonly<Record<Talk['direction'], (talk: Talk) => string>> = {
  accepts: (talk) => `from ${farEnd(talk)}`,
  opens: (talk) => `to ${farEnd(talk)}`,
  among: (talk) => (talk.with === 'servers' ? 'among them all' : 'among its own'),
}

const farEnd = (talk: Talk): string => (talk.withOnly === undefined ? ends[talk.with] : listNames(talk.withOnly))

const ends: Readonly<Record<Talk['with'], string>> = {
  balancer: 'balancer',
  web: 'web',
  app: 'app',
  database: 'database',
  servers: 'servers',
  visitors: 'visitors',
  operators: 'operators',
  outside: 'anywhere',
}

/** `servers` are those of which the whole section tells. */
const describeTalk = ({ component, why, addresses, users, ...talk }: Talk, servers: readonly string[]): string =>
  [
    `${namePorts(talk)}, ${component}`,
    talk.servers.length < servers.length ? ` on ${listNames(talk.servers)}` : '',
    addresses === undefined ? '' : ` ${talk.direction === 'opens' ? 'to' : 'from'} ${listNames(addresses)}`,
    users === undefined ? '' : ` by ${listNames(users)}`,
    `: ${why}`,
  ].join('')

function labelled(label: string, text: string, options: RenderOptions): Lines {
  const inner = { ...options, width: options.width - margin }
  return besideLabel(label, text, column - margin, inner).map((line) => ' '.repeat(margin) + line)
}
