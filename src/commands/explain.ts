import { writeFile } from 'node:fs/promises'
import { buildCommand } from '@stricli/core'
import { components } from '../components/index.ts'
import { readKnownServers } from '../engine/known-servers.ts'
import { failure } from '../errors/failure.ts'
import { drawDiagram } from '../explain/draw-diagram.ts'
import { explainStack } from '../explain/explain-stack.ts'
import { narrowExplanation } from '../explain/narrow-explanation.ts'
import { renderExplanation } from '../explain/render-explanation.ts'
import { readLab } from '../lab/index.ts'
import type { Stack } from '../stack/stack.ts'
import { createOutput } from '../ui/output.ts'
import { pageOptions } from '../ui/page.ts'
import { type StackFlags, stackFlags } from './flags.ts'
import { labPlacement, openProject, type Project, serversNamed, stackOf } from '../operations/session/session.ts'

interface ExplainFlags extends StackFlags {
  readonly diagram?: string
}

export const explain = buildCommand({
  docs: { brief: 'Tell what each part of this stack is for, and where it can still fail' },
  parameters: {
    flags: {
      ...stackFlags,
      diagram: {
        kind: 'parsed',
        parse: String,
        brief: 'Draw the stack into an SVG file',
        placeholder: 'file',
        optional: true,
      },
    },
    positional: {
      kind: 'tuple',
      parameters: [{ brief: 'A server or tier', parse: String, placeholder: 'server|tier', optional: true }],
    },
  },
  func: async (flags: ExplainFlags, word?: string) => {
    const output = createOutput(flags.json)
    const stack = await understandStack(await openProject(flags), flags)
    if (flags.diagram !== undefined) {
      await drawInto(flags.diagram, stack)
      output.print(`The diagram of ${stack.name} is in ${flags.diagram}`)
      output.printJson({ diagram: flags.diagram })
      return
    }
    if (word !== undefined) serversNamed(stack, word)
    const whole = explainStack(stack, components)
    const explained = word === undefined ? whole : (narrowExplanation(whole, word) ?? whole)
    output.print(renderExplanation(explained, pageOptions(output.tone)))
    output.printJson(explained)
  },
})

/** Explaining asks no server: what is not known of addresses yet is told by its SSH destination, or as in a lab. */
async function understandStack({ config, stateFolder }: Project, { lab }: StackFlags): Promise<Stack> {
  const isCounted = Object.values(config).some(
    (section) => typeof section === 'object' && 'servers' in section && typeof section.servers === 'number',
  )
  if (lab || isCounted) {
    const existing = await readLab(config.name)
    return stackOf(config, labPlacement(existing ?? { subnet: '198.18.0.0/24' }))
  }
  const known = await readKnownServers(stateFolder, 'production')
  return stackOf(config, { kind: 'production', addresses: new Map(known.map(({ name, address }) => [name, address])) })
}

async function drawInto(file: string, stack: Stack): Promise<void> {
  try {
    await writeFile(file, drawDiagram(stack, components))
  } catch (error) {
    throw failure('TRI-FILE-001', {
      what: 'The diagram could not be written',
      where: file,
      why: (error as Error).message,
      next: 'name a file in a folder that exists and can be written',
    })
  }
}
