import { inTurn } from '../node-project.ts'
import { withFrontEnd } from '../front-end.ts'
import { forSqlAlchemy, pythonProject, pythonRuntime } from '../python-project.ts'
import { shellWord } from '../shell-word.ts'
import type { Folder } from '../folder.ts'
import type { Ecosystem } from '../draft.ts'

/** Flask, behind gunicorn. */
export const flask: Ecosystem = {
  name: 'Flask',
  family: 'python',
  detect: (folder) => {
    const project = pythonProject(folder)
    const place = findApp(folder, /(?:^|\n)(\w+)\s*=\s*(?:flask\.)?Flask\(/, /\ndef\s+(create_app|make_app)\(/)
    if (place === undefined) return undefined
    const { env, runtime } = pythonRuntime(folder, project, { servers: ['gunicorn'], isInSrc: place.isInSrc })
    const front = withFrontEnd(folder)
    const files = folder.find(/(?:^|\/)static\//)[0]?.replace(/(^|\/)static\/.*/, '$1static')
    const build = inTurn(
      project.install,
      front.build,
      files && `mkdir -p public && cp -r ${shellWord(files)} public/static`,
    )
    return {
      kind: 'Flask',
      evidence: `Flask in ${place.file}`,
      advice: [...project.advice, ...front.advice],
      ...(files !== undefined && {
        comments: { build: 'Web servers serve what lies in public/, here below /static/, themselves.' },
      }),
      app: {
        ...(build !== '' && { build }),
        start: `python3 -m gunicorn --bind 0.0.0.0:$PORT --workers 3 ${place.name.endsWith('()') ? `'${place.module}:${place.name}'` : `${place.module}:${place.name}`}`,
        ...(folder.has('migrations/alembic.ini') && { release: `python3 -m flask --app ${place.module} db upgrade` }),
        runtime,
        ...(env && { env }),
      },
      database: forSqlAlchemy(folder, project),
    }
  },
}

/** Where an app object, or a function that makes one, stands: as servers of Python want it, `shop.web:app`. */
export function findApp(folder: Folder, object: RegExp, factory?: RegExp) {
  const files = folder.find(/^(?!.*(?:^|\/)tests?[/_]).*\.py$/)
  for (const file of files) {
    const text = `\n${folder.text(file)}`
    const made = object.exec(text)?.[1]
    const maker = made === undefined && /Flask/.test(text) ? factory?.exec(text)?.[1] : undefined
    if (made === undefined && maker === undefined) continue
    const module = file
      .replace(/\.py$/, '')
      .replace(/\/__init__$/, '')
      .replace(/^src\//, '')
      .replaceAll('/', '.')
    return { file, module, name: made ?? `${maker!}()`, isInSrc: file.startsWith('src/') }
  }
  return undefined
}
