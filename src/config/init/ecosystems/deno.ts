import { programName } from '../free-name.ts'
import { nodeProject } from '../node-project.ts'
import { isObject, parseObject } from '../parse-object.ts'
import type { Ecosystem } from '../draft.ts'
import { findServer, startsOtherwise } from '../find-server.ts'
import { shellWord } from '../shell-word.ts'

/** A server on Deno, which Debian does not have: the build makes one program with Deno inside. */
export const deno: Ecosystem = {
  name: 'Deno',
  family: 'npm',
  detect: (folder) => {
    const file = ['deno.json', 'deno.jsonc'].find((name) => folder.has(name))
    const serving = startsOtherwise(nodeProject(folder), 'deno') ? undefined : findServer(folder, /\bDeno\.serve\b/)
    if (file === undefined && serving === undefined) return undefined
    const tasks = parseObject(folder.text(file ?? ''))?.['tasks']
    const start = isObject(tasks) && typeof tasks['start'] === 'string' ? tasks['start'] : ''
    const [, flags = '', stated] =
      /^deno\s+(?:run|serve)\s+((?:-\S+\s+)*)(?:\.\/)?([\w./-]+\.[cm]?[jt]sx?)/.exec(start) ?? []
    const entry =
      stated ?? ['main.ts', 'server.ts', 'mod.ts', 'src/main.ts'].find((path) => folder.has(path)) ?? serving
    if (entry === undefined) return undefined
    const program = programName(folder)
    const allowed = flags.split(/\s+/).filter((flag) => /^(?:-A$|--allow|--unstable)/.test(flag))
    const allow = allowed.length > 0 ? allowed : ['--allow-net', '--allow-env', '--allow-read']
    return {
      kind: 'Deno',
      evidence: file ?? entry,
      comments: {
        build: 'Debian has no Deno: this makes one program for servers with an amd64 processor, with Deno inside.',
      },
      advice: [
        ...(folder.text(entry).includes('PORT')
          ? []
          : [`${entry} must listen on the port that Deno.env.get('PORT') names`]),
        'the build needs Deno on this computer; `npm install --global deno` brings it',
      ],
      app: {
        build: `deno compile ${allow.join(' ')} --target x86_64-unknown-linux-gnu --output ${program} ${shellWord(entry)}`,
        start: `./${program}`,
      },
    }
  },
}
