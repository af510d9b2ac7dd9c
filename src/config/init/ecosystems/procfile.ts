import { commandsIn } from '../procfile.ts'
import { pythonProject, pythonRuntime, withServersPython } from '../python-project.ts'
import type { Ecosystem } from '../draft.ts'

/** A folder of which nothing but a Procfile is known. */
export const procfile: Ecosystem = {
  name: 'Procfile',
  family: 'any',
  isGeneral: true,
  detect: (folder) => {
    const web = commandsIn(folder.text('Procfile')).find(({ name }) => name === 'web')
    if (web === undefined) return undefined
    const python = pythonProject(folder)
    const isPython = python.isListed || /^(?:python3?|gunicorn|uvicorn)\b/.test(web.command)
    const { runtime, env }: Partial<ReturnType<typeof pythonRuntime>> = isPython ? pythonRuntime(folder, python) : {}
    return {
      kind: isPython ? 'Python' : 'program',
      evidence: 'Procfile',
      advice: isPython
        ? python.advice
        : ['app.runtime must name what the command needs on servers; without it, the release contains all of it'],
      app: {
        ...(isPython && python.install !== undefined && { build: python.install }),
        start: isPython ? withServersPython(web.command) : web.command,
        ...(runtime && { runtime }),
        ...(env && { env }),
      },
    }
  },
}
