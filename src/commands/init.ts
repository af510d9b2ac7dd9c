import { relative } from 'node:path'
import { buildCommand } from '@stricli/core'
import { initConfig } from '../config/init/init-config.ts'
import { commandLine } from '../speech/suggested-command.ts'
import { createOutput } from '../ui/output.ts'

interface InitFlags {
  readonly json: boolean
}

export const init = buildCommand({
  docs: { brief: 'Write a commented trimaran.config.ts for the app in this folder' },
  parameters: {
    flags: { json: { kind: 'boolean', brief: 'Print JSON instead of text', default: false, withNegated: false } },
  },
  func: async (flags: InitFlags) => {
    const output = createOutput(flags)
    const result = await initConfig(process.cwd())
    const { guessed } = result.detected
    output.print(
      [
        `${output.tone.green('✔')} ${relative(process.cwd(), result.file)} is written: read it, it is short.`,
        ...(guessed.length === 0
          ? []
          : [
              `  ${guessed.join(', ')} could not be detected: set ${guessed.length === 1 ? 'it' : 'them'} before \`up\`.`,
            ]),
        ...(result.ignored ? ['  `.trimaran/` was added to .gitignore: the stack key will be in it.'] : []),
        '',
        `  ${output.tone.bold(`npx ${commandLine('explain')}`)}     what it stands for`,
        `  ${output.tone.bold(`npx ${commandLine('up --lab')}`)}    see it run on this computer`,
      ].join('\n'),
    )
    const { file, detected, ignored } = result
    output.printJson('init', { file, detected, ignored })
  },
})
