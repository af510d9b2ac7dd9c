import { withFrontEnd } from '../front-end.ts'
import { inTurn } from '../node-project.ts'
import { apacheConf, apacheStart, composerInstall, phpPackages } from '../php-project.ts'
import type { Ecosystem } from '../draft.ts'

const address = {
  DB_CONNECTION: 'pgsql',
  DB_HOST: { code: 'database.host' },
  DB_PORT: { code: 'database.port' },
  DB_DATABASE: { code: 'database.name' },
  DB_USERNAME: { code: 'database.user' },
  DB_PASSWORD: { code: 'database.password' },
} as const

/** Laravel, in Apache with PHP. */
export const laravel: Ecosystem = {
  name: 'Laravel',
  family: 'php',
  detect: (folder) => {
    if (!folder.has('artisan') || !/laravel|illuminate/i.test(folder.text('composer.json') + folder.text('artisan')))
      return undefined
    const front = withFrontEnd(folder)
    const schedules = /Schedule::|->schedule\(|\$schedule->/.test(
      folder.text('routes/console.php') + folder.text('app/Console/Kernel.php'),
    )
    const isUp = /health:\s*['"]\/up['"]/.test(folder.text('bootstrap/app.php'))
    return {
      kind: 'Laravel',
      evidence: 'artisan',
      root: 'public',
      advice: [
        ...front.advice,
        'the build needs PHP and Composer on this computer',
        'storage/ is kept on each app server by itself: with several, uploads belong in object storage',
      ],
      comments: {
        env: 'A release is read-only: logs go to the journal; sessions, cache and queue to the database, which all servers share.',
      },
      companion: { file: 'apache.conf', text: apacheConf('public') },
      app: {
        build: inTurn(composerInstall, front.build),
        start: apacheStart,
        release: 'php artisan migrate --force',
        ...((folder.has('app/Jobs') || schedules) && {
          processes: {
            ...(folder.has('app/Jobs') && { queue: 'php artisan queue:work' }),
            ...(schedules && { schedule: { start: 'php artisan schedule:run', at: 'minutely', on: 'one' } as const }),
          },
        }),
        ...(isUp && { health: '/up' }),
        runtime: { packages: phpPackages(folder, 'bcmath', 'curl', 'mbstring', 'pgsql', 'xml', 'zip') },
        env: {
          APP_ENV: 'production',
          LOG_CHANNEL: 'stderr',
          VIEW_COMPILED_PATH: '/var/cache/app',
          SESSION_DRIVER: 'database',
          CACHE_STORE: 'database',
          QUEUE_CONNECTION: 'database',
        },
        secrets: ['APP_KEY'],
        writable: ['storage'],
      },
      database: { need: 'usual', env: address },
    }
  },
}
