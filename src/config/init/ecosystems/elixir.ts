import { inTurn } from '../node-project.ts'
import type { Ecosystem } from '../draft.ts'

/** Phoenix and other servers in Elixir, as a release that contains Erlang. */
export const elixir: Ecosystem = {
  name: 'Elixir (Phoenix)',
  family: 'elixir',
  detect: (folder) => {
    const mix = folder.text('mix.exs')
    const isPhoenix = /:phoenix\b/.test(mix)
    if (!isPhoenix && !/:(?:plug_cowboy|bandit)\b/.test(mix)) return undefined
    const name = /\bapp:\s*:(\w+)/.exec(mix)?.[1] ?? folder.name
    const program = `_build/prod/rel/${name}/bin/${name}`
    const release = folder.find(/(?:^|\/)lib\/\w+\/release\.ex$/)[0]
    const module = /defmodule\s+([\w.]+)/.exec(folder.text(release ?? ''))?.[1]
    return {
      kind: isPhoenix ? 'Phoenix' : 'Elixir',
      evidence: 'mix.exs',
      ...(isPhoenix && { root: 'priv/static' }),
      comments: {
        build: 'The release contains Erlang.',
        env: 'Two releases of the app are beside each other for a while: they must not have the same name in Erlang.',
      },
      advice: [
        'the build needs Elixir on a Debian 13 with the same kind of processor as the servers: the release contains its Erlang',
        ...(module === undefined && /:ecto_sql\b/.test(mix)
          ? ['`mix phx.gen.release` makes lib/NAME/release.ex: its migrate belongs in app.release']
          : []),
      ],
      app: {
        build: inTurn(
          'export MIX_ENV=prod',
          'mix deps.get --only prod',
          isPhoenix && /assets\.deploy/.test(mix) ? 'mix assets.deploy' : undefined,
          'mix release --overwrite',
        ),
        start: `${program} start`,
        ...(module !== undefined && { release: `${program} eval '${module}.migrate()'` }),
        env: {
          ...(isPhoenix && { PHX_SERVER: 'true', PHX_HOST: { code: 'site.host' } }),
          RELEASE_DISTRIBUTION: 'none',
          RELEASE_TMP: '/tmp',
        },
        ...(isPhoenix && { secrets: ['SECRET_KEY_BASE'] }),
      },
    }
  },
}
