import { inTurn } from '../node-project.ts'
import type { Ecosystem } from '../draft.ts'
import { rubyBuild } from '../ruby-project.ts'

/** Ruby on Rails, behind Puma. */
export const rails: Ecosystem = {
  name: 'Ruby on Rails',
  family: 'ruby',
  detect: (folder) => {
    if (
      !folder.has('config/application.rb') ||
      !/rails/i.test(folder.text('config/application.rb') + folder.text('Gemfile'))
    )
      return undefined
    const { build, runtime, bundle } = rubyBuild(folder, 'ruby-rails', 'puma')
    const hasAssets = /sprockets|propshaft/.test(folder.text('Gemfile') + folder.text('Gemfile.lock'))
    const assets = hasAssets
      ? 'SECRET_KEY_BASE_DUMMY=1 RAILS_ENV=production bundle exec rails assets:precompile'
      : undefined
    const whole = inTurn(build, assets)
    const worker = /solid_queue/.test(folder.text('Gemfile'))
      ? 'bundle exec rails solid_queue:start'
      : /sidekiq/.test(folder.text('Gemfile'))
        ? 'bundle exec sidekiq'
        : undefined
    const keepsFiles = folder.has('config/storage.yml')
    return {
      kind: 'Ruby on Rails',
      evidence: 'config/application.rb',
      advice: [
        ...(build === undefined
          ? []
          : ["the build needs Ruby 3.3 and the servers' kind of processor: it compiles gems"]),
        'config/database.yml must take its url from DATABASE_URL, and config.force_ssl must be off until something in front ends TLS',
        ...(keepsFiles
          ? ['storage/ is kept on each app server by itself: with several, Active Storage belongs in object storage']
          : []),
        'config.hosts must have the names of the site, and in the lab the address that visitors use, or be empty',
        ...(worker?.includes('sidekiq') === true
          ? ['Sidekiq needs a Redis of yours: name it in env, and its address in privateNetworks']
          : []),
      ],
      comments: { env: 'A release is read-only: Bootsnap writes to the cache folder, and logs go to the journal.' },
      app: {
        ...(whole !== '' && { build: whole }),
        start: `${bundle}puma --config config/puma.rb`,
        release: `${folder.has('bin/rails') ? 'bin/rails' : `${bundle}rails`} db:prepare`,
        ...(worker !== undefined && { processes: { worker } }),
        ...(/rails\/health#show/.test(folder.text('config/routes.rb')) && { health: '/up' }),
        runtime,
        env: {
          RAILS_ENV: 'production',
          RAILS_LOG_TO_STDOUT: '1',
          BOOTSNAP_CACHE_DIR: '/var/cache/app/bootsnap',
        },
        secrets: [folder.has('config/credentials.yml.enc') ? 'RAILS_MASTER_KEY' : 'SECRET_KEY_BASE'],
        writable: ['tmp', ...(keepsFiles ? ['storage'] : [])],
      },
    }
  },
}
