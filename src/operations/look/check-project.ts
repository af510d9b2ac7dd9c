import { access, constants, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { TrimaranError } from '../../errors/failure.ts'
import { buildSettings } from '../../config/build-settings.ts'
import type { Finding } from '../../preflight/finding.ts'
import { findStart } from '../../release/check-start.ts'
import type { Session } from '../session/session.ts'

type Looked = Pick<Session, 'config' | 'folder' | 'readAppSecrets' | 'readPages'>

/** What the config names on this computer: its files, pages, hooks and secrets, before a deploy stumbles over them. */
export async function checkProject(session: Looked): Promise<readonly Finding[]> {
  const looks = [
    checkSource,
    checkHooks,
    ({ readPages }: Looked) => failureOf(readPages),
    ({ readAppSecrets }: Looked) => failureOf(readAppSecrets),
  ]
  const findings = (await Promise.all(looks.map((look) => look(session)))).flat()
  return findings.length > 0
    ? findings
    : [{ level: 'ok', what: 'The files and secrets that the config names are there' }]
}

/** What the build makes is not there yet: without one, the release holds what the folder holds. */
async function checkSource({ config, folder }: Looked): Promise<readonly Finding[]> {
  const { app, web } = config
  const { section, source: named, build } = buildSettings(config)
  const source = join(folder, named)
  if (!(await isFolder(source)))
    return [
      {
        level: 'problem',
        what: `${section}.source names ${named}, which is no folder`,
        next: `name the folder of the ${section === 'app' ? 'app' : 'site'}, as seen from the config`,
      },
    ]
  if (build !== undefined) return []
  const root = (section === 'app' && web.root === 'public') || (await isFolder(join(source, web.root)))
  return [
    ...(root
      ? []
      : [
          {
            level: 'warning',
            what: `web.root names ${web.root}, which is no folder in ${section}.source`,
            next: `name the folder of the static files, or let ${section}.build make it`,
          } as const,
        ]),
    ...(await failureOf(() => findStart({ start: app.start, tree: source, source }))),
  ]
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  )

/** A hook that begins with a file of the project; other commands are found by the shell that runs them. */
async function checkHooks({ config: { hooks }, folder }: Looked): Promise<readonly Finding[]> {
  const found = await Promise.all(
    Object.entries(hooks).map(async ([name, command]): Promise<readonly Finding[]> => {
      const [program = ''] = command.split(/\s/)
      if (!/^\.{1,2}\//.test(program)) return []
      const why = await access(join(folder, program), constants.X_OK).then(
        () => undefined,
        (error: NodeJS.ErrnoException) => error,
      )
      if (why === undefined) return []
      return [
        why.code === 'EACCES'
          ? {
              level: 'problem',
              what: `hooks.${name} names ${program}, which cannot be run`,
              next: `\`chmod +x ${program}\``,
            }
          : {
              level: 'problem',
              what: `hooks.${name} names ${program}, which is not there`,
              next: 'name a script beside the config',
            },
      ]
    }),
  )
  return found.flat()
}

async function failureOf(look: () => Promise<unknown>): Promise<readonly Finding[]> {
  try {
    await look()
    return []
  } catch (error) {
    if (!(error instanceof TrimaranError)) throw error
    const { what, where, why, next } = error.facts
    return [
      {
        level: 'problem',
        what: where === undefined ? what : `${where}: ${what}`,
        ...(why !== undefined && { why }),
        ...(next !== undefined && { next }),
      },
    ]
  }
}
