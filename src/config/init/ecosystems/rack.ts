import type { Ecosystem } from '../draft.ts'
import { rubyBuild } from '../ruby-project.ts'

/** Sinatra, Hanami and whatever else has a config.ru. */
export const rack: Ecosystem = {
  name: 'Rack (Sinatra and others)',
  family: 'ruby',
  detect: (folder) => {
    if (!folder.has('config.ru')) return undefined
    const { build, runtime, bundle } = rubyBuild(folder, 'puma', 'ruby-rack', 'ruby-sinatra')
    return {
      kind: /sinatra/i.test([...folder.texts.values()].join('\n')) ? 'Sinatra' : 'Rack',
      evidence: 'config.ru',
      advice:
        build === undefined ? [] : ["the build needs Ruby 3.3 and the servers' kind of processor: it compiles gems"],
      app: {
        ...(build !== undefined && { build }),
        start: `${bundle}puma --port $PORT --environment production config.ru`,
        runtime,
        env: { RACK_ENV: 'production' },
      },
    }
  },
}
