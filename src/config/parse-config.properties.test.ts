import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { TrimaranError } from '../errors/failure.ts'
import { settingsAt } from './known-settings.ts'
import { parseConfig } from './parse-config.ts'
import type { StackInput } from './stack-input.ts'

const size = fc
  .tuple(fc.integer({ min: 1, max: 64 }), fc.constantFrom(' GB', 'GB', ' gb'))
  .map(([n, unit]) => `${n}${unit}`)
const command = fc.stringMatching(/^[a-z]{1,8}( [\w./=-]{1,8}){0,3}$/)
const path = fc.stringMatching(/^(\/[a-z]{1,6}){1,3}$/)
const seconds = fc.integer({ min: 1, max: 3600 })

/** Destinations and addresses are numbered, so that no server is in two tiers. */
const servers = (tier: string, network: number, most: number) =>
  fc.oneof(
    fc.integer({ min: 1, max: most }),
    fc
      .array(fc.constantFrom('text', 'user', 'entry', 'address'), { minLength: 1, maxLength: Math.min(most, 7) })
      .map((kinds) =>
        kinds.map((kind, index) => {
          const ssh = `${kind === 'user' ? 'root@' : ''}${tier}-${index}.example.com`
          if (kind === 'text' || kind === 'user') return ssh
          return kind === 'entry' ? { ssh } : { ssh, address: `10.0.${network}.${index + 1}` }
        }),
      ),
  )

const virtualAddress = fc.oneof(
  fc.constant('203.0.113.10/24'),
  fc.record({ address: fc.constant('203.0.113.10/24'), move: command }, { requiredKeys: ['address'] }),
)

const stack: fc.Arbitrary<StackInput> = fc.record(
  {
    name: fc.stringMatching(/^[a-z][a-z0-9-]{0,23}[a-z0-9]$/),
    balancer: fc.record({ servers: servers('lb', 1, 20), virtualAddress }),
    web: fc.record(
      { servers: servers('web', 2, 80), root: fc.stringMatching(/^[a-z]{1,8}(\/[a-z]{1,8})?$/), uploadLimit: size },
      { requiredKeys: ['servers'] },
    ),
    app: fc.record(
      {
        servers: servers('app', 3, 80),
        source: fc.constantFrom('.', '..', './app', '/srv/app'),
        build: command,
        start: command,
        health: path,
        runtime: fc.oneof(
          fc.record({ node: fc.constantFrom('20', '22', '24', '24.22.1') }),
          fc.record({ packages: fc.array(fc.constantFrom('python3', 'libvips42', 'g++'), { minLength: 1 }) }),
        ),
        env: fc.dictionary(fc.stringMatching(/^APP_[A-Z0-9_]{1,8}$/), fc.string()),
        memory: size,
        requestTimeout: seconds,
        stopTimeout: seconds,
      },
      { requiredKeys: ['servers', 'start'] },
    ),
    database: fc.record(
      {
        servers: servers('db', 4, 7),
        settings: fc.dictionary(
          fc.stringMatching(/^my_[a-z_]{1,8}$/),
          fc.oneof(fc.string(), fc.integer(), fc.boolean()),
        ),
      },
      { requiredKeys: ['servers'] },
    ),
    lab: fc.record(
      { memory: size, cores: fc.integer({ min: 1, max: 256 }), internet: fc.boolean() },
      { requiredKeys: [] },
    ),
    ssh: fc.record({ config: path }),
  },
  { requiredKeys: ['name', 'balancer', 'web', 'app', 'database'], noNullPrototype: true },
)

it('accepts every sound stack', () => {
  fc.assert(
    fc.property(stack, (input) => {
      expect(mistakesOf(input)).toEqual([])
    }),
  )
})

it('reads what it gave out as the same again, but for sizes, which have become bytes', () => {
  const written = (bytes: number) => `${bytes / 1024} KB`
  fc.assert(
    fc.property(stack, (input) => {
      const once = parseConfig(input)
      const again = parseConfig({
        ...once,
        web: { ...once.web, uploadLimit: written(once.web.uploadLimit) },
        app: { ...once.app, ...(once.app.memory !== undefined && { memory: written(once.app.memory) }) },
        lab: { ...once.lab, memory: written(once.lab.memory) },
      })
      expect(again).toEqual(once)
    }),
  )
})

it('does not change what it is given', () => {
  fc.assert(
    fc.property(stack, (input) => {
      const before = structuredClone(input)
      parseConfig(input)
      expect(input).toEqual(before)
    }),
  )
})

const sections = ['', 'balancer', 'web', 'app', 'database', 'lab'] as const

it('refuses a key that it does not know, with its path', () => {
  fc.assert(
    fc.property(stack, fc.constantFrom(...sections), fc.string(), (input, section, key) => {
      const home = section === '' ? [] : [section]
      fc.pre(!settingsAt(home).includes(key) && key !== '__proto__')
      const broken = section === '' ? { ...input, [key]: 1 } : { ...input, [section]: { ...input[section], [key]: 1 } }
      const mistakes = mistakesOf(broken)
      expect(mistakes.map(({ path }) => path)).toHaveLength(1)
      expect(mistakes[0]!.path.startsWith(section)).toBe(true)
      expect(mistakes[0]!.path).toContain(/^[\w$]+$/.test(key) ? key : JSON.stringify(key))
    }),
  )
})

it('has an answer for whatever is exported', () => {
  fc.assert(
    fc.property(fc.anything({ withBigInt: true, withNullPrototype: true, withDate: true }), (input) => {
      expect(mistakesOf(input).length).toBeGreaterThan(0)
    }),
  )
})

it('has an answer for any value in any place', () => {
  fc.assert(
    fc.property(stack, fc.constantFrom(...sections.slice(1)), fc.anything(), (input, section, value) => {
      const home = settingsAt([section])
      for (const setting of home) {
        const broken = { ...input, [section]: { ...input[section as 'web'], [setting]: value } }
        for (const { path, problem } of mistakesOf(broken))
          expect(`${path} ${problem}`).toMatch(/^[a-z].* (is|cannot be|does not) /s)
      }
    }),
  )
})

function mistakesOf(input: unknown): readonly { readonly path: string; readonly problem: string }[] {
  try {
    parseConfig(input)
    return []
  } catch (error) {
    if (!(error instanceof TrimaranError)) throw error
    return error.facts.details?.['mistakes'] as ReturnType<typeof mistakesOf>
  }
}

it('says of whatever stands in the place of a setting what is meant, in words of its own', () => {
  const strange = [0, -1, 1.5, 1e9, '', 'x y', true, null, [], {}, [''], [1], { a: 1 }]
  const sections = ['', ...settingsAt([])].flatMap((section) =>
    settingsAt(section === '' ? [] : [section]).map((setting) => (section === '' ? [setting] : [section, setting])),
  )
  const said = sections.flatMap(([first = '', second]) =>
    strange.flatMap((value) => {
      const input = second === undefined ? { [first]: value } : { [first]: { [second]: value } }
      try {
        parseConfig(input)
        return []
      } catch (error) {
        return error instanceof TrimaranError
          ? (error.facts.why ?? '').split('\n')
          : [`${first}.${second}: ${String(error)}`]
      }
    }),
  )
  expect(said.filter((line) => /Invalid|expected|Too (?:small|big)|Unrecognized|undefined|NaN/.test(line))).toEqual([])
})
