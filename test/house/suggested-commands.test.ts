import { execFileSync } from 'node:child_process'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { routes } from '../../src/commands/routes.ts'
import { components } from '../../src/components/index.ts'
import { inPlace } from '../../src/speech/suggested-command.ts'
import { objectionTo, splitWords } from './support/parse-command.ts'

const verbs = routes.getAllEntries().map(({ name }) => name.original)
const byHand = new RegExp(String.raw`\btrimaran (?:${verbs.join('|')})\b`)
const sources = globSync('src/**/*.ts').filter(
  (file) => !/\.(?:test|case)\.ts$|\/testing\//.test(file) && file !== 'src/speech/suggested-command.ts',
)
const pages = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], {
  encoding: 'utf8',
})
  .trim()
  .split('\n')
  .filter((page) => existsSync(page))

/** Where code says `trimaran` and a verb: as the name of a lab's network and key, and in a page that is generated. */
const names = ['src/lab/up.ts', 'src/lab/host-network.ts', 'src/errors/catalogue']

const read = (file: string): string => readFileSync(file, 'utf8')
const code = (file: string): string => read(file).replaceAll(/^\s*(?:\/\/|\/?\*).*$/gm, '')

describe('commands that messages suggest', () => {
  it('are written by one function, so that each gets the flags of the command that says it', () => {
    const found = sources.flatMap((file) =>
      code(file)
        .split('\n')
        .filter((line) => byHand.test(line))
        .map((line) => `${file}: ${line.trim()}`),
    )
    expect(found.filter((line) => !names.some((name) => line.startsWith(name)))).toEqual([])
  })

  it('exist, and are accepted', async () => {
    const found = sources.flatMap((file) =>
      [
        ...code(file).matchAll(/\b(?:trimaran|commandLine)\(\s*(?:'([^']+)'|"([^"]+)"|`((?:[^`$]|\$\{[^}]*\})+)`)/g),
      ].map(([, single, double, template]) => [file, fill(single ?? double ?? template!)] as const),
    )
    expect(found.length).toBeGreaterThan(90)
    expect(await objections(found)).toEqual([])
    for (const flag of [{ lab: true }, { lab: true, config: 'other config.ts' }])
      expect(
        await objections(
          found
            .filter(([file, words]) => !/^(?:init|up --lab)/.test(words) && !isMention(file, words))
            .map(([file, words]) => [file, inPlace(`\`trimaran ${words}\``, flag).slice(10, -1)]),
        ),
      ).toEqual([])
  })
})

describe('commands in the pages', () => {
  it('exist, and are accepted', async () => {
    const found = pages.flatMap((page) => commandsIn(read(page)).map((words) => [page, words] as const))
    expect(found.length).toBeGreaterThan(100)
    expect(await objections(found)).toEqual([])
  })
})

async function objections(found: readonly (readonly [where: string, words: string])[]): Promise<readonly string[]> {
  const said = await Promise.all(
    found.map(async ([where, words]) => {
      const [verb, server, component] = splitWords(words)
      const isStrange =
        verb === 'logs' &&
        /^\w+-\d$/.test(server ?? '') &&
        component !== undefined &&
        !component.startsWith('-') &&
        !componentNames.has(component)
      const objection = isMention(where, words)
        ? undefined
        : isStrange
          ? `${component} is not a component`
          : await objectionTo(words)
      return objection === undefined ? [] : [`${where}: trimaran ${words}: ${objection}`]
    }),
  )
  return said.flat()
}

/** Pages and the meanings of errors name a verb without its words. */
const isMention = (where: string, words: string): boolean =>
  verbs.some((verb) => verb === words) && where.endsWith('.md')

const componentNames = new Set<string>(components.map(({ name }) => name))

/** A template with values in it as they may be. */
const fill = (template: string): string =>
  template.replaceAll(/\$\{([^}]*)\}/g, (_, value: string) =>
    /verb/.test(value) ? 'reboot' : /count/.test(value) ? '2' : /tier/.test(value) ? 'web' : 'db-1',
  )

/** In blocks of shell and between backticks; without what the shell does with it afterwards. */
function commandsIn(page: string): readonly string[] {
  const blocks = [...page.matchAll(/^```sh\n(.*?)^```/gms)].flatMap(([, block]) =>
    block!
      .split('\n')
      .flatMap((line) =>
        [...line.matchAll(/(?:^|[;(&|] ?|\bdo )(?:npx )?trimaran ([^#\n]*)/g)].map(([, words]) => words!),
      ),
  )
  const prose = page.replaceAll(/^```.*?^```/gms, '')
  const mentions = [...prose.matchAll(/`(?:npx )?trimaran ([^`]+)`/g)].map(([, words]) => words!.replaceAll('\n', ' '))
  return [...blocks, ...mentions].map(withoutShell).filter((words) => !/^[A-Z…]|^-/.test(words))
}

/** Up to what the shell does with it: a pipe, another command, the end of a substitution. */
function withoutShell(words: string): string {
  const [own] = /^(?:[^;|&>)'"]|'[^']*'|"[^"]*")*/.exec(words)!
  return own.trim()
}
