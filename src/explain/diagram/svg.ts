type Attributes = Readonly<Record<string, string | number | undefined>>

/** One SVG element; children are SVG already, and a text is escaped by `text`. */
export function element(name: string, attributes: Attributes, children: readonly string[] = []): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${typeof value === 'number' ? round(value) : escape(String(value))}"`)
    .join('')
  return children.length === 0 ? `<${name}${written}/>` : `<${name}${written}>${children.join('')}</${name}>`
}

export const group = (children: readonly string[], attributes: Attributes = {}): string =>
  element('g', attributes, ['\n', children.join('\n'), '\n'])

export interface Point {
  readonly x: number
  readonly y: number
}

export interface Rectangle extends Point {
  readonly width: number
  readonly height: number
}

export const rectangle = ({ x, y, width, height }: Rectangle, radius: number, className: string): string =>
  element('rect', { x, y, width, height, rx: radius, class: className })

/** A line of text with its baseline at the point; `anchor` tells which part of it lies there. */
export function text({ x, y }: Point, content: string, className: string, anchor?: 'middle' | 'end'): string {
  return element('text', { x, y, class: className, 'text-anchor': anchor }, [escape(content)])
}

/** Lines below each other, the baseline of the first at the point. */
export const textLines = (at: Point, lines: readonly string[], lineHeight: number, className: string): string =>
  lines.map((line, index) => text({ x: at.x, y: at.y + index * lineHeight }, line, className)).join('\n')

/** About how wide a text gets in fonts that cannot be known: a little too wide rather than too narrow. */
export const widthOf = (content: string, fontSize: number, font: 'sans' | 'mono' = 'sans'): number =>
  content.length * fontSize * (font === 'mono' ? 0.61 : 0.56)

export const escape = (content: string): string =>
  content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

const round = (value: number): string => String(Math.round(value * 10) / 10)
