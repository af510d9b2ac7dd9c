import { withFrontEnd } from '../front-end.ts'
import { inTurn } from '../node-project.ts'
import { apacheConf, apacheStart, composerInstall, phpPackages } from '../php-project.ts'
import type { Ecosystem } from '../draft.ts'

/** Symfony, in Apache with PHP. */
export const symfony: Ecosystem = {
  name: 'Symfony',
  family: 'php',
  detect: (folder) => {
    if (!folder.has('bin/console') || !/symfony\/framework-bundle/.test(folder.text('composer.json'))) return undefined
    const front = withFrontEnd(folder)
    const hasDefaults = folder.has('.env')
    const composer = folder.text('composer.json')
    const mapper = /symfony\/asset-mapper/.test(composer) ? 'php bin/console asset-map:compile' : undefined
    return {
      kind: 'Symfony',
      evidence: 'bin/console, and symfony/framework-bundle in composer.json',
      root: 'public',
      advice: [...front.advice, 'the build needs PHP and Composer on this computer'],
      comments: {
        include: 'Symfony reads its defaults there, and does not start without it.',
        ...(hasDefaults && { secrets: 'Values come from your environment: the file .env is shipped.' }),
        env: 'A release is read-only: each start makes its cache anew.',
      },
      companion: {
        file: 'apache.conf',
        text: apacheConf('public').replace('AllowOverride All', 'AllowOverride All\n    FallbackResource /index.php'),
      },
      app: {
        build: inTurn('export APP_ENV=prod', composerInstall, front.build, mapper),
        ...(hasDefaults && { include: ['.env'] }),
        start: apacheStart,
        ...(/doctrine\/doctrine-migrations-bundle/.test(composer) && {
          release: 'php bin/console doctrine:migrations:migrate --no-interaction --allow-no-migration',
        }),
        ...(/symfony\/messenger/.test(composer) && {
          processes: { messages: 'php bin/console messenger:consume async' },
        }),
        runtime: { packages: phpPackages(folder, 'intl', 'mbstring', 'pgsql', 'xml') },
        env: { APP_ENV: 'prod', APP_CACHE_DIR: '/tmp/cache', APP_LOG_DIR: '/tmp/log' },
        secrets: ['APP_SECRET'],
      },
    }
  },
}
