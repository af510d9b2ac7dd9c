import { apacheConf, apacheStart, phpPackages } from '../php-project.ts'
import type { Ecosystem } from '../draft.ts'

/** WordPress, whose database is MySQL or MariaDB: Trimaran has none. */
export const wordpress: Ecosystem = {
  name: 'WordPress',
  family: 'php',
  detect: (folder) => {
    const evidence = ['wp-load.php', 'wp-config.php', 'wp-config-sample.php', 'wp-content'].find((name) =>
      folder.has(name),
    )
    if (evidence === undefined) return undefined
    return {
      kind: 'WordPress',
      evidence,
      advice: [
        'WordPress needs MySQL or MariaDB, and Trimaran brings PostgreSQL alone: run one elsewhere, read its address from the environment in wp-config.php, and name it in privateNetworks',
        'uploads lie on one app server each: keep a single app server, or send them to object storage with a plugin',
        'updates and plugins come with a release: a server cannot change its own code',
      ],
      companion: { file: 'apache.conf', text: apacheConf('') },
      app: {
        start: apacheStart,
        runtime: { packages: phpPackages(folder, 'curl', 'gd', 'intl', 'mbstring', 'mysql', 'xml', 'zip') },
        secrets: ['WORDPRESS_DB_PASSWORD'],
        writable: ['wp-content/uploads'],
      },
      database: { need: 'elsewhere' },
    }
  },
}
