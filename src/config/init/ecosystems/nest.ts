import type { Ecosystem } from '../draft.ts'
import { adviceFor, buildOr, nodeProject } from '../node-project.ts'
import { startScript } from '../start-script.ts'

/** NestJS: its script `start` is for development, `start:prod` for servers. */
export const nest: Ecosystem = {
  name: 'NestJS',
  family: 'npm',
  detect: (folder) => {
    const project = nodeProject(folder)
    if (project?.uses('@nestjs/core') !== true) return undefined
    const main = folder.text('src/main.ts')
    return {
      kind: 'NestJS',
      evidence: '@nestjs/core in package.json',
      advice: [
        ...(main !== '' && !main.includes('PORT') ? ['src/main.ts must listen on process.env.PORT'] : []),
        ...adviceFor(folder, project),
      ],
      app: {
        build: buildOr(project, 'nest build'),
        start: startScript(project, 'start:prod')?.start ?? 'node dist/main',
        runtime: project.runtime,
      },
    }
  },
}
