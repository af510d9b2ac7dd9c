import { type Databases, findDatabases, mySql } from '../find-databases.ts'
import { apacheConf, apacheStart, composerInstall, phpPackages } from '../php-project.ts'
import type { Ecosystem } from '../draft.ts'

/** PHP without a framework that is known here, in Apache. */
export const php: Ecosystem = {
  name: 'PHP',
  family: 'php',
  detect: (folder) => {
    const entry = ['public/index.php', 'web/index.php', 'www/index.php', 'index.php'].find((path) => folder.has(path))
    if (entry === undefined) return undefined
    const root = entry.includes('/') ? entry.slice(0, entry.indexOf('/')) : ''
    const hasComposer = folder.has('composer.json')
    return {
      kind: 'PHP',
      evidence: entry,
      ...(root !== '' && { root }),
      advice: [
        ...(hasComposer ? ['the build needs PHP and Composer on this computer'] : []),
        ...(root === '' ? ['every file beside index.php can be asked for: move what visitors may see to public/'] : []),
      ],
      companion: { file: 'apache.conf', text: apacheConf(root) },
      app: {
        ...(hasComposer && { build: composerInstall }),
        start: apacheStart,
        runtime: { packages: phpPackages(folder, ...driversOf(findDatabases(folder))) },
      },
    }
  },
}

/** PHP's extensions for the databases that the app names. An address alone is PostgreSQL's, unless MySQL is named. */
function driversOf({ postgres, address, others }: Databases): readonly string[] {
  const isMySql = others.some(({ name }) => name === mySql)
  return [
    ...(postgres !== undefined || (address !== undefined && !isMySql) ? ['pgsql'] : []),
    ...(isMySql ? ['mysql'] : []),
  ]
}
