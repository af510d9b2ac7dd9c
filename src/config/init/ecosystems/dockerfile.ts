import { nodeMajorFor } from '../node-major.ts'
import type { AppDraft, Ecosystem } from '../draft.ts'
import { shellWord } from '../shell-word.ts'
import { withServersPython } from '../python-project.ts'
import { checkCommand } from '../../values/text.ts'
import { trimaran } from '../../../speech/suggested-command.ts'

/** A folder of which only a Dockerfile says how it is run. Trimaran runs no containers. */
export const dockerfile: Ecosystem = {
  name: 'Dockerfile',
  family: 'any',
  isGeneral: true,
  detect: (folder) => {
    const file = ['Dockerfile', 'Containerfile'].find((name) => folder.has(name))
    if (file === undefined) return undefined
    const text = folder.text(file).replaceAll(/\\\n/g, ' ')
    const command = [commandOf(text, 'ENTRYPOINT'), commandOf(text, 'CMD')].filter((one) => one !== undefined).join(' ')
    const image = [...text.matchAll(/^FROM\s+(?:--\S+\s+)*(\S+)/gim)].at(-1)?.[1] ?? ''
    if (command === '' || checkCommand(command) !== undefined)
      return {
        kind: 'container image',
        evidence: file,
        missing: `Trimaran runs no containers, and ${file} has no command that could be taken from it`,
        next: `name the command that starts the app: ${trimaran("init --start './server'")}`,
      }
    return {
      kind: 'program of a container image',
      evidence: `${file}, from ${image || 'nothing'}`,
      guessed: ['build', 'start'],
      advice: [
        `Trimaran runs no containers: the release is this folder. What ${file} installs and builds belongs in app.build and app.runtime`,
        'the app must listen on $PORT, whatever EXPOSE says',
      ],
      app: { start: withServersPython(command), ...runtimeOf(image) },
    }
  },
}

function commandOf(text: string, word: string): string | undefined {
  const last = [...text.matchAll(new RegExp(`^${word}\\s+(.+)$`, 'gim'))].at(-1)?.[1]?.trim()
  if (last === undefined || !last.startsWith('[')) return last
  try {
    const words: unknown = JSON.parse(last)
    return Array.isArray(words) && words.every((one) => typeof one === 'string')
      ? words.map(shellWord).join(' ')
      : undefined
  } catch {
    return undefined
  }
}

const packagesOf = [
  [/(?:^|\/)python[:@]/, ['python3']],
  [/(?:^|\/)ruby[:@]/, ['ruby', 'ruby-bundler']],
  [/(?:^|\/)php[:@]/, ['php8.4-cli']],
  [/openjdk|temurin|corretto|(?:^|\/)java[:@]/, ['default-jre-headless']],
] as const

function runtimeOf(image: string): Pick<AppDraft, 'runtime'> {
  const [, node] = /(?:^|\/)node:(\d+)/.exec(image) ?? []
  if (node !== undefined || /(?:^|\/)node(?::|$)/.test(image)) return { runtime: { node: nodeMajorFor(node) } }
  const packages = packagesOf.find(([pattern]) => pattern.test(image))?.[1]
  return packages === undefined ? {} : { runtime: { packages } }
}
