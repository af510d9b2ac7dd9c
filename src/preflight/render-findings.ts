import { countOf } from '../speech/count-of.ts'
import { capitalize, listNames, type RenderOptions, wrapText } from '../explain/text.ts'
import type { Finding } from './finding.ts'

/** The findings to act on, worst first, then one line about all the rest; ends without a newline. */
export function renderFindings(findings: readonly Finding[], options: RenderOptions): string {
  const grave = findings.filter(({ level }) => level !== 'ok')
  const blocks = mergeSame(grave).map((group) => renderGroup(group, options).join('\n'))
  return [...blocks, renderSummary(findings, options).join('\n')].join('\n\n')
}

interface Group {
  readonly finding: Finding
  readonly servers: readonly string[]
}

/** The same finding about several servers is shown once. */
function mergeSame(findings: readonly Finding[]): readonly Group[] {
  const key = ({ level, what, why, next }: Finding): string => [level, what, why, next].join('\n')
  return [...Map.groupBy(findings, key).values()].map((same) => ({
    finding: same[0]!,
    servers: same.flatMap(({ server }) => server ?? []),
  }))
}

const marks = { problem: '✖', warning: '!' } as const

function renderGroup({ finding, servers }: Group, { width, style }: RenderOptions): readonly string[] {
  const level = finding.level === 'problem' ? 'problem' : 'warning'
  const paint = level === 'problem' ? style.bad : style.warning
  const headline = servers.length === 0 ? finding.what : `${listNames(servers)}: ${finding.what}`
  const [first, ...rest] = wrapText(headline, width - 2)
  return [
    `${paint(marks[level])} ${style.strong(first!)}`,
    ...rest.map((line) => `  ${style.strong(line)}`),
    ...(finding.why === undefined
      ? []
      : finding.why.split('\n').flatMap((part) => wrapText(part, width - 2).map((line) => `  ${line}`))),
    ...(finding.next === undefined ? [] : renderNext(finding.next, width)),
  ]
}

const renderNext = (next: string, width: number): readonly string[] =>
  wrapText(next, width - 4).map((line, index) => `  ${index === 0 ? '→' : ' '} ${line}`)

function renderSummary(findings: readonly Finding[], { width, style }: RenderOptions): readonly string[] {
  const count = (level: Finding['level']): number => findings.filter((finding) => finding.level === level).length
  const [problems, warnings, well] = [count('problem'), count('warning'), count('ok')]
  if (problems + warnings === 0) return [style.good(`✔ All is well: ${countOf(well, 'check')}, nothing to do.`)]
  const grave = [
    ...(problems > 0 ? [countOf(problems, 'problem')] : []),
    ...(warnings > 0 ? [countOf(warnings, 'warning')] : []),
  ].join(' and ')
  const text = `${capitalize(grave)}; all else is well (${countOf(well, 'check')}).`
  return wrapText(text, width)
}
