import type { Component } from '../../components/component.ts'
import { linksOutOf, type Server, serversOf, type Stack, type TierName } from '../../stack/stack.ts'
import { tiersOf } from '../../stack/tiers.ts'
import { describeLinks, heightOfLabels, type LinkLabel } from './link-labels.ts'
import { type Point, type Rectangle, widthOf } from './svg.ts'

export const page = { width: 960, margin: 28 } as const
/** Tier titles and what arrows mean stand in the left column; servers in the right one. */
export const leftColumn = { x: 52, width: 208 } as const
export const rightColumn = { x: 280, width: 632 } as const
export const axis = rightColumn.x + rightColumn.width / 2

export interface Layout {
  readonly height: number
  readonly visitors: Point
  readonly bands: readonly Band[]
  readonly gaps: readonly Gap[]
  readonly footer: number
}

/** One tier: its band across the page, and the boxes of its servers. */
export interface Band extends Rectangle {
  readonly tier: TierName
  readonly density: Density
  readonly boxes: readonly Box[]
  /** The names of the components that servers of this tier have and not all others do. */
  readonly components: readonly string[]
}

export interface Box extends Rectangle {
  readonly server: Server
  /** Rows of component names, where there is room for them. */
  readonly chips: readonly (readonly string[])[]
}

/** Where arrows to a box end: a little above it, or above its tag where it has one. */
export const topOf = ({ x, y, width, server }: Box, weak: ReadonlySet<string>): Point => ({
  x: x + width / 2,
  y: weak.has(server.name) ? y - 16 : y - 7,
})

/** The space between two tiers, where the links from one to the next are told. */
export interface Gap {
  readonly from: TierName
  readonly to: TierName
  readonly y: number
  readonly height: number
  readonly labels: readonly LinkLabel[]
}

/** How much a box shows: everything; name and address; the name. */
export type Density = 'roomy' | 'compact' | 'dense'

interface Shape {
  readonly columns: number
  readonly space: number
  readonly height: number
}

const shapes: Readonly<Record<Exclude<Density, 'roomy'>, Shape>> = {
  compact: { columns: 6, space: 10, height: 46 },
  dense: { columns: 10, space: 8, height: 28 },
}

const densityOf = (count: number): Density => (count <= 5 ? 'roomy' : count <= 24 ? 'compact' : 'dense')

/** Where everything stands, in pixels from the top left corner; the height follows from the number of servers. */
export function layOut(stack: Stack, components: readonly Component[]): Layout {
  const visitors = { x: axis, y: 50 }
  const bands: Band[] = []
  const gaps: Gap[] = []
  let y = 132
  const names = tiersOf(stack)
  for (const [index, tier] of names.entries()) {
    const band = layOutBand(stack, tier, components, y)
    bands.push(band)
    y += band.height
    const next = names[index + 1]
    if (next === undefined) continue
    const gap = layOutGap(stack, tier, next, y)
    gaps.push(gap)
    y += gap.height
  }
  return { height: y + 98, visitors, bands, gaps, footer: y + 36 }
}

function layOutBand(stack: Stack, tier: TierName, components: readonly Component[], y: number): Band {
  const servers = serversOf(stack, tier)
  const density = densityOf(servers.length)
  const ofTiers = componentsOfTiers(stack, components)
  const namesOf = (server: Server): readonly string[] => namesOnServer(stack, server, ofTiers)
  const top = y + (tier === 'balancer' && stack.virtualAddress !== undefined ? 56 : 26)
  const boxes = density === 'roomy' ? placeInRow(servers, namesOf, top) : placeInGrid(servers, shapes[density], top)
  const bottom = Math.max(...boxes.map((box) => box.y + box.height))
  const height = Math.max(bottom + 24 - y, 118)
  const names = [...new Set(servers.flatMap(namesOf))]
  return { x: page.margin, y, width: page.width - 2 * page.margin, height, tier, density, boxes, components: names }
}

/** Components that every server has say nothing about a tier. */
const componentsOfTiers = (stack: Stack, components: readonly Component[]): readonly Component[] =>
  components.filter((component) => !stack.servers.every((server) => component.belongsOn(server, stack)))

/** What routes on web and app servers is their sidecar. One server of a tier may have an auxiliary component that the others lack. */
function namesOnServer(stack: Stack, server: Server, components: readonly Component[]): readonly string[] {
  return components
    .filter((component) => component.belongsOn(server, stack))
    .map(({ name, roles }) => (roles?.routes !== undefined && server.tier !== 'balancer' ? 'sidecar' : name))
    .toSorted((a, b) => Number(a === 'sidecar') - Number(b === 'sidecar'))
}

function placeInRow(
  servers: readonly Server[],
  namesOf: (server: Server) => readonly string[],
  y: number,
): readonly Box[] {
  const space = servers.length <= 3 ? 49 : 20
  const width = Math.min(178, (rightColumn.width - (servers.length - 1) * space) / servers.length)
  const chips = servers.map((server) => fillRows(namesOf(server), width - 24))
  const height = 58 + Math.max(...chips.map((rows) => rows.length)) * 26
  const x = axis - (servers.length * width + (servers.length - 1) * space) / 2
  return servers.map((server, index) => ({
    server,
    chips: chips[index]!,
    x: x + index * (width + space),
    y,
    width,
    height,
  }))
}

export const chipWidth = (name: string): number => widthOf(name, 11.5, 'mono') + 14

function fillRows(names: readonly string[], width: number): readonly (readonly string[])[] {
  const rows: string[][] = []
  let used = Number.POSITIVE_INFINITY
  for (const name of names) {
    used += chipWidth(name) + 6
    if (used - 6 > width) {
      rows.push([])
      used = chipWidth(name) + 6
    }
    rows.at(-1)!.push(name)
  }
  return rows
}

function placeInGrid(servers: readonly Server[], { columns, space, height }: Shape, y: number): readonly Box[] {
  const width = (rightColumn.width - (columns - 1) * space) / columns
  return servers.map((server, index) => {
    const inRow = Math.min(columns, servers.length - Math.floor(index / columns) * columns)
    const start = axis - (inRow * (width + space) - space) / 2
    const x = start + (index % columns) * (width + space)
    return { server, chips: [], x, y: y + Math.floor(index / columns) * (height + space), width, height }
  })
}

function layOutGap(stack: Stack, from: TierName, to: TierName, y: number): Gap {
  const labels = describeLinks(linksOutOf(stack, from).filter((link) => link.to === to))
  return { from, to, y, height: Math.max(70, 24 + heightOfLabels(labels)), labels }
}
