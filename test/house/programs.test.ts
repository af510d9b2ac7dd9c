import { globSync, readFileSync, statSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Stack } from '../../src/stack/stack.ts'
import { components } from '../../src/components/index.ts'
import { placedByTrimaran } from '../../src/components/placed.ts'
import { contextFor, everything, nineServers } from '../../src/components/testing/stacks.ts'

const nine = nineServers(components)
/** A balancer's own command moves the address. */
const moved: Stack = { ...nine, virtualAddress: { address: '203.0.113.77', prefixLength: 24, move: '/opt/move' } }

const placed = [nine, everything(components), moved].flatMap((stack) =>
  stack.servers.flatMap((server) =>
    components
      .filter((one) => one.belongsOn(server, stack))
      .flatMap((one) => one.render(contextFor(stack, server.name)))
      .flatMap((one) => (one.kind === 'file' ? [one] : [])),
  ),
)

/** What does not vary: neither the settings at its head nor the line that says that it was placed. */
const bare = (text: string): string =>
  text
    .split('\n')
    .filter((row) => !/^(?:my [$@]|local )?[A-Z][A-Z0-9_]* ?=/.test(row) && !/^(?:#|--) Placed by Trimaran/.test(row))
    .join('\n')

/** Sent along with a check that runs before anything is placed. */
const sentAlong = 'src/components/patroni/files/try-settings'

describe('programs', () => {
  it('are placed, each of them, as they stand in their files', () => {
    const texts = new Set(placed.map(({ content }) => bare(content)))
    const files = globSync('src/components/*/files/**', { exclude: ['**/__pycache__'] }).filter((path) =>
      statSync(path).isFile(),
    )
    expect(files.length).toBeGreaterThan(30)
    expect(files.filter((file) => !texts.has(bare(readFileSync(file, 'utf8'))))).toEqual([sentAlong])
    const [shebang, description = ''] = readFileSync(sentAlong, 'utf8').split('\n')
    expect(shebang).toContain('python3')
    expect(placed.some(({ check }) => check?.text.includes(description) === true)).toBe(true)
  })

  it('say that they were placed, and are checked before that', () => {
    const programs = placed.filter(({ content, mode }) => content.startsWith('#!') && mode === '0755')
    expect(new Set(programs.map(({ path }) => path)).size).toBeGreaterThan(25)
    const silent = programs.filter(({ content, check }) => check === undefined || !content.includes(placedByTrimaran))
    expect(silent.map(({ path }) => path)).toEqual([])
  })

  it('stand in files, and not in TypeScript', () => {
    const sources = globSync('src/**/*.ts').filter((file) => !/\.(?:test|case)\.ts$|\/testing\//.test(file))
    // Both keep a package from starting its daemon with two lines; the third is a configuration that nft can run.
    const known = ['src/components/app/reach.ts', 'src/lab/build-image.ts', 'src/resources/package.ts']
    const found = sources.filter((file) => /#!\/(?:usr\/)?s?bin\//.test(readFileSync(file, 'utf8')))
    expect(found.toSorted()).toEqual(known)
  })
})
