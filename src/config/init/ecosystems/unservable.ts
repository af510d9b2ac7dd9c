import type { Ecosystem } from '../draft.ts'
import { trimaran } from '../../../speech/suggested-command.ts'

interface Language {
  readonly name: string
  readonly sign: RegExp
  /** How a program is made that brings along all it needs. */
  readonly build: string
}

/** Languages that Debian 13 has no runtime for servers of, or that are not known here well enough to draft anything. */
const languages: readonly Language[] = [
  { name: 'Swift', sign: /^Package\.swift$/, build: '`swift build --configuration release --static-swift-stdlib`' },
  {
    name: 'Scala',
    sign: /^build\.sbt$/,
    build: "a JAR that starts by itself (sbt-assembly), with `runtime: { packages: ['default-jre-headless'] }`",
  },
  {
    name: 'Clojure',
    sign: /^(?:project\.clj|deps\.edn)$/,
    build: "an uberjar, with `runtime: { packages: ['default-jre-headless'] }`",
  },
  {
    name: 'Haskell',
    sign: /^(?:stack\.yaml|[\w-]+\.cabal)$/,
    build: '`cabal install --installdir . --install-method copy`',
  },
  { name: 'Crystal', sign: /^shard\.yml$/, build: '`shards build --release --static`' },
  { name: 'Dart', sign: /^pubspec\.yaml$/, build: '`dart compile exe`' },
  {
    name: 'Gleam',
    sign: /^gleam\.toml$/,
    build: "`gleam export erlang-shipment`, with `runtime: { packages: ['erlang-base'] }`",
  },
  { name: 'Erlang', sign: /^rebar\.config$/, build: '`rebar3 as prod release`, which contains Erlang' },
  { name: 'Zig', sign: /^build\.zig$/, build: '`zig build -Doptimize=ReleaseSafe`' },
  { name: 'Nim', sign: /^[\w-]+\.nimble$/, build: '`nimble build -d:release`' },
  { name: 'OCaml', sign: /^dune-project$/, build: '`dune build --profile release`' },
  { name: 'Julia', sign: /^Project\.toml$/, build: 'PackageCompiler, which makes a folder that contains Julia' },
  { name: 'C or C++', sign: /^(?:CMakeLists\.txt|meson\.build)$/, build: 'your build, linked statically' },
]

/** Names what is there and cannot be drafted, instead of guessing. */
export const unservable: Ecosystem = {
  name: 'other languages',
  family: 'any',
  isGeneral: true,
  detect: (folder) => {
    for (const { name, sign, build } of languages) {
      const evidence = folder.entries.find((entry) => sign.test(entry))
      if (evidence === undefined) continue
      return {
        kind: name,
        evidence,
        missing: `servers have no runtime for ${name}: the release must contain a program that needs none`,
        next: `build one for Debian 13, such as with ${build}, and name it: ${trimaran("init --start './server'")}`,
      }
    }
    const compose = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml'].find((name) =>
      folder.has(name),
    )
    if (compose === undefined) return undefined
    return {
      kind: 'Docker Compose',
      evidence: compose,
      missing: 'Trimaran runs no containers: the app is a systemd service, started by a command in its folder',
      next: `run ${trimaran('init')} in the folder with the app's own code, or name its command: ${trimaran("init --start './server'")}`,
    }
  },
}
