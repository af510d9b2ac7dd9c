import { linksInto, type Stack, type TierName } from '../../stack/stack.ts'
import { tiers } from '../../stack/tiers.ts'
import { wrapText } from '../text.ts'
import { type Band, type Box, chipWidth, leftColumn } from './lay-out.ts'
import { describeLinksAmong } from './link-labels.ts'
import { element, group, rectangle, text, textLines, widthOf } from './svg.ts'

/** A tier: its band, its title, and its servers; `weak` holds the names of single points of failure. */
export function drawBand(stack: Stack, band: Band, weak: ReadonlySet<string>): string {
  const { tier, boxes } = band
  return group([
    rectangle(band, 14, `${tier}-band`),
    drawTitle(stack, band),
    ...drawTies(stack, band),
    ...boxes.map((box) => drawBox(band, box, weak.has(box.server.name))),
  ])
}

function drawTitle(stack: Stack, band: Band): string {
  const { tier, density, components } = band
  const { x, width } = leftColumn
  const y = band.y + 34
  const subtitle = wrapText(tiers[tier].diagram.subtitle(stack), 32)
  const notes = [
    ...listTies(stack, band).map((tie) => `↔ ${tie}`),
    ...(density === 'roomy' ? [] : wrapText(components.join(' · '), 28)),
  ]
  return group([
    text({ x, y }, tiers[tier].diagram.title, `title ${tier}-ink`),
    textLines({ x, y: y + 20 }, subtitle, 16, 'small quiet'),
    textLines(
      { x, y: y + 24 + subtitle.length * 17 },
      notes.slice(0, Math.floor(width / 16)),
      17,
      `tiny mono ${tier}-ink`,
    ),
  ])
}

/** What the servers of a tier say to each other; a lone server has nobody to say it to. */
function listTies(stack: Stack, { tier, boxes }: Band): readonly string[] {
  if (boxes.length === 1) return []
  return describeLinksAmong(linksInto(stack, tier).filter((link) => link.from === tier))
}

/** Dotted lines between neighbours that keep in touch. */
function drawTies(stack: Stack, band: Band): readonly string[] {
  if (band.density !== 'roomy' || listTies(stack, band).length === 0) return []
  return band.boxes.slice(1).map((box, index) => {
    const before = band.boxes[index]!
    const y = box.y + box.height / 2
    return element('path', { d: `M${before.x + before.width + 6} ${y}H${box.x - 6}`, class: `pair ${band.tier}-line` })
  })
}

function drawBox(band: Band, box: Box, isWeak: boolean): string {
  const edge = isWeak ? 'single' : ''
  const radius = band.density === 'dense' ? 7 : 10
  const shape = rectangle(box, radius, `${band.tier}-box ${edge}`.trim())
  return group([shape, ...fillBox[band.density](band, box), ...(isWeak ? [drawTag(box, band.density)] : [])])
}

const fillBox: Readonly<Record<Band['density'], (band: Band, box: Box) => readonly string[]>> = {
  roomy: ({ tier }, { x, y, server, chips }) => [
    text({ x: x + 14, y: y + 26 }, server.name, 'name'),
    text({ x: x + 14, y: y + 44 }, server.address, 'tiny mono quiet'),
    ...chips.map((row, index) => drawChips(row, x + 12, y + 54 + index * 26, tier)),
  ],
  compact: (_band, { x, y, width, server }) => [
    text({ x: x + width / 2, y: y + 20 }, server.name, 'bold', 'middle'),
    text({ x: x + width / 2, y: y + 36 }, server.address, 'tiny mono quiet', 'middle'),
  ],
  dense: (_band, { x, y, width, server }) => [text({ x: x + width / 2, y: y + 18 }, server.name, 'tiny', 'middle')],
}

function drawChips(names: readonly string[], x: number, y: number, tier: TierName): string {
  let left = x
  return names
    .map((name) => {
      const width = chipWidth(name)
      const chip = rectangle({ x: left, y, width, height: 20 }, 6, `${tier}-chip`)
      const label = text({ x: left + width / 2, y: y + 14 }, name, `tiny mono ${tier}-ink`, 'middle')
      left += width + 6
      return chip + label
    })
    .join('\n')
}

/** A tag upon the upper edge of the box. */
function drawTag({ x, y, width }: Box, density: Band['density']): string {
  if (density !== 'roomy') return ''
  const label = width > 150 ? 'single point of failure' : 'single point'
  const tagWidth = widthOf(label, 10.5) + 14
  const tag = { x: x + (width - tagWidth) / 2, y: y - 10, width: tagWidth, height: 19 }
  return (
    rectangle(tag, 9.5, 'danger') + text({ x: tag.x + tagWidth / 2, y: y + 3.5 }, label, 'tag danger-text', 'middle')
  )
}
