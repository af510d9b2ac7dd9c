import { findServer, startsOtherwise } from '../find-server.ts'
import { programName } from '../free-name.ts'
import { nodeProject } from '../node-project.ts'
import type { Ecosystem } from '../draft.ts'
import { shellWord } from '../shell-word.ts'

const entries = ['index', 'server', 'app', 'main'].flatMap((name) => [
  `src/${name}.ts`,
  `${name}.ts`,
  `${name}.js`,
  `src/${name}.tsx`,
])

/** A server on Bun, which Debian does not have: the build makes one program with Bun inside. */
export const bun: Ecosystem = {
  name: 'Bun',
  family: 'npm',
  detect: (folder) => {
    const project = nodeProject(folder)
    const [, stated] =
      /^bun\s+(?:run\s+)?(?:--\S+\s+)*(?:\.\/)?([\w./-]+\.[cm]?[jt]sx?)/.exec(project?.scripts['start'] ?? '') ?? []
    const serving = startsOtherwise(project, 'bun') ? undefined : findServer(folder, /\bBun\.serve\b|from ['"]bun['"]/)
    const isBun =
      stated !== undefined || serving !== undefined || (folder.has('bun.lock') && project?.uses('elysia') === true)
    if (!isBun) return undefined
    const entry = stated ?? project?.main ?? entries.find((path) => folder.has(path)) ?? serving ?? 'index.ts'
    const program = programName(folder)
    const install = project !== undefined && project.dependencies.size > 0 ? 'bun install --frozen-lockfile && ' : ''
    return {
      kind: 'Bun',
      evidence: stated === undefined ? (serving ?? 'bun.lock') : 'the script `start` of package.json',
      comments: {
        build: 'Debian has no Bun: this makes one program for servers with an amd64 processor, with Bun inside.',
      },
      advice: ['the build needs Bun on this computer; `npm install --global bun` brings it'],
      app: {
        build: `${install}bun build --compile --target=bun-linux-x64 --outfile=${program} ${shellWord(entry)} && rm -rf node_modules`,
        start: `./${program}`,
      },
    }
  },
}
