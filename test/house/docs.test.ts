import { execFileSync } from 'node:child_process'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'

const pages = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], {
  encoding: 'utf8',
})
  .trim()
  .split('\n')
  .filter((page) => existsSync(page))

describe('the pages', () => {
  it('has no link that leads nowhere', () => {
    expect(pages.flatMap(brokenLinks)).toEqual([])
  })

  it('is named by programs and generated files where it exists', () => {
    const files = globSync(['src/**/*.ts', 'src/components/*/files/**', 'src/components/*/goldens/**'], {
      withFileTypes: true,
    })
      .filter((file) => file.isFile())
      .map((file) => join(file.parentPath, file.name))
    const named = files.flatMap((file) =>
      [...read(file).matchAll(/docs\/decisions\/[a-z-]+\.md/g)].map(([page]) => page),
    )
    expect(new Set(named).size).toBeGreaterThan(10)
    expect([...new Set(named)].filter((page) => !existsSync(page))).toEqual([])
  })

  it('gives each decision a date and a status', () => {
    const decisions = globSync('docs/decisions/*.md')
    expect(decisions.length).toBeGreaterThan(30)
    const without = decisions.filter(
      (page) =>
        !/^# .+\n\n\*\*Date\.\*\* \d{4}-\d\d-\d\d · \*\*Status\.\*\* (?:accepted|replaced by .+)\n/.test(read(page)),
    )
    expect(without).toEqual([])
  })
})

const read = (page: string): string => readFileSync(page, 'utf8')

/** Links to files of this repository, and to headings in them; code does not count. */
function brokenLinks(page: string): readonly string[] {
  const prose = read(page)
    .replaceAll(/^```.*?^```/gms, '')
    .replaceAll(/`[^`\n]*`/g, '')
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target!)
    .filter((target) => !/^[a-z]+:/.test(target))
    .filter((target) => {
      const [path = '', heading] = target.split('#')
      const file = path === '' ? page : join(dirname(page), path)
      if (!existsSync(file)) return true
      return heading !== undefined && !headingsOf(file).includes(heading)
    })
    .map((target) => `${page}: ${target}`)
}

/** The anchors of a page, as GitHub makes them of its headings. */
const headingsOf = (page: string): readonly string[] =>
  [
    ...read(page)
      .replaceAll(/^```.*?^```/gms, '')
      .matchAll(/^#+ (.+)$/gm),
  ].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(/\s/g, '-'),
  )
