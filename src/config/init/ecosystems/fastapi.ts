import { inTurn } from '../node-project.ts'
import { forSqlAlchemy, pythonProject, pythonRuntime } from '../python-project.ts'
import type { Ecosystem } from '../draft.ts'
import { findApp } from './flask.ts'

/** FastAPI and Starlette, behind uvicorn. */
export const fastapi: Ecosystem = {
  name: 'FastAPI',
  family: 'python',
  detect: (folder) => {
    const place = findApp(folder, /\n(\w+)(?:\s*:\s*\w+)?\s*=\s*(?:fastapi\.)?(?:FastAPI|Starlette|Litestar)\(/)
    if (place === undefined) return undefined
    const project = pythonProject(folder)
    const { env, runtime } = pythonRuntime(folder, project, { servers: ['uvicorn'], isInSrc: place.isInSrc })
    const build = inTurn(project.install)
    return {
      kind: 'FastAPI',
      evidence: `${place.name} in ${place.file}`,
      advice: [...project.advice],
      app: {
        ...(build !== '' && { build }),
        start: `python3 -m uvicorn --host 0.0.0.0 --port $PORT ${place.module}:${place.name}`,
        ...(folder.has('alembic.ini') && { release: 'python3 -m alembic upgrade head' }),
        runtime,
        ...(env && { env }),
      },
      database: forSqlAlchemy(folder, project),
    }
  },
}
