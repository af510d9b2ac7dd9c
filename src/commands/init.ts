import { relative } from 'node:path'
import { buildCommand } from '@stricli/core'
import { initConfig } from '../config/init/init-config.ts'
import { commandLine, trimaran } from '../speech/suggested-command.ts'
import { createOutput, type Output } from '../ui/output.ts'

interface InitFlags {
  readonly json: boolean
  readonly start?: string
}

type Result = Awaited<ReturnType<typeof initConfig>>

export const init = buildCommand({
  docs: { brief: 'Write a commented trimaran.config.ts for the app in this folder' },
  parameters: {
    flags: {
      start: {
        kind: 'parsed',
        parse: String,
        brief: 'The command that starts the app, where it cannot be found',
        optional: true,
        placeholder: 'COMMAND',
      },
      json: { kind: 'boolean', brief: 'Print JSON instead of text', default: false, withNegated: false },
    },
  },
  func: async (flags: InitFlags) => {
    const output = createOutput(flags)
    const result = await initConfig(process.cwd(), flags.start === undefined ? {} : { start: flags.start })
    output.print(formatResult(result, output))
    const { file, detected, companions, ignored } = result
    output.printJson('init', { file, detected, companions, ignored })
  },
})

function formatResult({ file, detected, companions, ignored }: Result, { tone }: Output): string {
  const toCheck = [
    ...detected.guessed.map((setting) => `app.${setting} is a guess: set it before ${trimaran('up')}`),
    ...detected.advice,
  ]
  return [
    `${tone.green('✔')} ${relative(process.cwd(), file)} is written: read it, it is short.`,
    `  ${detected.kind}, by ${detected.evidence}.`,
    ...companions.map((name) => `  ${name} is written, too: the start command needs it.`),
    ...(ignored ? ['  `.trimaran/` was added to .gitignore: the stack key will be in it.'] : []),
    ...(toCheck.length === 0 ? [] : ['', '  To check:', ...toCheck.map((line) => `  · ${line}`)]),
    '',
    `  ${tone.bold(`npx ${commandLine('explain')}`)}     what it stands for`,
    `  ${tone.bold(`npx ${commandLine('up --lab')}`)}    see it run on this computer`,
  ].join('\n')
}
