import { writeFile } from 'node:fs/promises'
import { buildCommand } from '@stricli/core'
import { components } from '../components/index.ts'
import { failure } from '../errors/failure.ts'
import { drawDiagram } from '../explain/draw-diagram.ts'
import { explainStack } from '../explain/explain-stack.ts'
import { narrowExplanation } from '../explain/narrow-explanation.ts'
import { renderExplanation } from '../explain/render-explanation.ts'
import { declaredStack, serversNamed } from '../operations/index.ts'
import type { Stack } from '../stack/stack.ts'
import { createOutput } from '../ui/output.ts'
import { textLayout } from '../ui/layout.ts'
import { type StackFlags, stackFlags } from './flags.ts'
import { placeOf } from './frame.ts'

interface ExplainFlags extends StackFlags {
  readonly diagram?: string
}

export const explain = buildCommand({
  docs: { brief: 'Show what each part of this stack is for, and where it can still fail' },
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
    const output = createOutput(flags)
    const stack = await declaredStack(placeOf(flags))
    if (flags.diagram !== undefined) {
      await drawInto(flags.diagram, stack)
      output.print(`The diagram of ${stack.name} is in ${flags.diagram}`)
      output.printJson('diagram', { file: flags.diagram })
      return
    }
    if (word !== undefined) serversNamed(stack, word)
    const whole = explainStack(stack, components)
    const explained = word === undefined ? whole : (narrowExplanation(whole, word) ?? whole)
    output.print(renderExplanation(output.inPlace(explained), textLayout(output.tone)))
    output.printJson('explanation', explained)
  },
})

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
