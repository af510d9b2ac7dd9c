import type { TierName } from '../../stack/stack.ts'
import { tiers } from '../../stack/tiers.ts'

interface Palette {
  readonly page: string
  readonly edge: string
  readonly box: string
  readonly strong: string
  readonly quiet: string
  readonly danger: string
  readonly dangerText: string
  readonly good: string
  /** Which of each tier's own colours go with it. */
  readonly shade: 'light' | 'dark'
}

const light: Palette = {
  page: '#ffffff',
  edge: '#e2e5ea',
  box: '#ffffff',
  strong: '#1a2230',
  quiet: '#5a6575',
  danger: '#c2510c',
  dangerText: '#ffffff',
  good: '#15803d',
  shade: 'light',
}

const dark: Palette = {
  page: '#0e131b',
  edge: '#232c3a',
  box: '#151c27',
  strong: '#e8edf4',
  quiet: '#98a4b5',
  danger: '#f59e4b',
  dangerText: '#1b1206',
  good: '#4ade80',
  shade: 'dark',
}

/** Colours for light and dark, and the light ones on paper. Classes rather than variables: more viewers know them. */
export const styleSheet = (names: readonly TierName[]): string =>
  [
    shapes,
    colours(light, names),
    `@media (prefers-color-scheme: dark) {\n${colours(dark, names)}\n}`,
    `@media print {\n${colours(light, names)}\n}`,
  ].join('\n')

const sans = "system-ui, -apple-system, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif"
const mono = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace"

const shapes = `text { font-family: ${sans}; font-size: 13px }
.mono { font-family: ${mono} }
.stack { font-size: 24px; font-weight: 700; letter-spacing: -0.3px }
.title { font-size: 16px; font-weight: 650 }
.name { font-size: 15px; font-weight: 650 }
.bold { font-weight: 650 }
.small { font-size: 12.5px }
.tiny { font-size: 11.5px }
.tag { font-size: 10.5px; font-weight: 650; letter-spacing: 0.1px }
.flow { fill: none; stroke-width: 1.75 }
.wide { stroke-width: 3 }
.mesh { opacity: 0.65 }
.standby { stroke-dasharray: 5 5; opacity: 0.6 }
.pair { fill: none; stroke-width: 1.5; stroke-dasharray: 2 4; stroke-linecap: round }`

function colours(palette: Palette, names: readonly TierName[]): string {
  const { page, edge, box, strong, quiet, danger, dangerText, good } = palette
  return [
    `.page { fill: ${page}; stroke: ${edge} }`,
    `text, .strong { fill: ${strong} }`,
    `.quiet { fill: ${quiet} }`,
    `.line { fill: none; stroke: ${quiet}; stroke-width: 1.75 }`,
    `.head { fill: ${quiet} }`,
    `.plain { fill: ${box}; stroke: ${quiet}; stroke-width: 1.5 }`,
    `.good { fill: ${good} }`,
    `.danger { fill: ${danger} }`,
    `.danger-text { fill: ${dangerText} }`,
    ...names.flatMap((tier) => coloursOfTier(tier, palette)),
    `.single { stroke: ${danger}; stroke-width: 2 }`,
  ].join('\n')
}

function coloursOfTier(tier: TierName, { box, shade }: Palette): readonly string[] {
  const { ink, wash, tint } = tiers[tier].diagram[shade]
  return [
    `.${tier}-band { fill: ${wash}; stroke: ${tint} }`,
    `.${tier}-box { fill: ${box}; stroke: ${ink}; stroke-width: 1.25 }`,
    `.${tier}-chip { fill: ${tint} }`,
    `.${tier}-ink { fill: ${ink} }`,
    `.${tier}-line { stroke: ${ink} }`,
  ]
}
