import { Buffer } from 'node:buffer'
import { expect, it } from 'vitest'
import { createBlueprint } from '../blueprint/blueprint.ts'
import { components } from '../components/index.ts'
import { contextFor, nineServers } from '../components/testing/stacks.ts'
import { sealOf } from '../stack/stack-state-copy.ts'
import { queryServer, type Question, readServer } from './query-server.ts'

const stack = nineServers(components)
const host = (address: string): string =>
  `os\tdebian\t13\tDebian\narchitecture\tamd64\ncores\t2\nclock\t1795000000.1\nmemory\t2000000\ndisk\t10000000\naddress\teth0\t${address}/24\n`

/** What parsers look for, over and over: one that goes back to the beginning each time would take hours. */
const pieces = ['\r', ' ', '\t', '\n', '"', ',"', '{', '9', '://a:', 'said=', 'x\ty\n', 'Id=a\n\n', '"reason":', '../']
const letters = 200_000
const secondsEach = 3

it.each(['lb-1', 'web-1', 'app-1', 'db-1'])('an answer of %s that goes on and on is read within seconds', (name) => {
  const context = contextFor(stack, name)
  const blueprint = createBlueprint(components, context)
  const question: Question = { blueprint, components, stack, mark: 'f'.repeat(32) }
  const names = [...queryServer(question).text.matchAll(/\) \| send (\S+)/g)].map(([, section]) => section!)
  const seal = sealOf(stack, context.secret)
  for (const section of names)
    for (const piece of pieces) {
      const said = new Map([
        ['host', host(blueprint.server.address)],
        [section, piece.repeat(letters / piece.length)],
      ])
      const rows = names.map(
        (one) => `${question.mark} ${one} ${Buffer.from(said.get(one) ?? '').toString('base64')}\n`,
      )
      const startedAt = performance.now()
      readServer(rows.join(''), question, seal)
      expect((performance.now() - startedAt) / 1000, `${section}: ${piece}`).toBeLessThan(secondsEach)
    }
})
