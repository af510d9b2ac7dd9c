import type { Ecosystem } from '../draft.ts'
import type { Folder } from '../folder.ts'
import { programName } from '../free-name.ts'
import { portAdvice } from '../port-advice.ts'

/** Rust: one program that needs the C library of Debian 13, or an older one. */
export const rust: Ecosystem = {
  name: 'Rust',
  family: 'rust',
  detect: (folder) => {
    if (!folder.has('Cargo.toml')) return undefined
    const manifests = folder.find(/(?:^|\/)Cargo\.toml$/)
    const programs = [...new Set(manifests.flatMap((path) => programsOf(folder, path)))]
    const byDefault = /^default-run\s*=\s*"([\w-]+)"/m.exec(folder.text('Cargo.toml'))?.[1]
    const chosen = programs.find((name) => name === byDefault) ?? programs[0]
    if (chosen === undefined) return undefined
    const one = programs.length > 1 ? ` --bin ${chosen}` : ''
    const program = programName(folder)
    const isLocked = folder.has('Cargo.lock')
    return {
      kind: 'Rust',
      evidence: 'Cargo.toml',
      comments: { build: 'Of target/ only the program is shipped.' },
      advice: [
        ...(programs.length > 1
          ? [`${programs.length} programs were found: ${programs.join(', ')}; ${chosen} was taken`]
          : []),
        ...portAdvice(folder, /\.rs$/, 'std::env::var("PORT")'),
        "the build needs Rust on this computer; the program needs this computer's kind of processor, and a C library that is no newer than Debian 13's (2.41)",
      ],
      app: {
        build: `cargo build --release${isLocked ? ' --locked' : ''}${one} && cp target/release/${chosen} ${program}${isLocked ? '' : ' && rm -rf target'}`,
        ...(isLocked && { cache: ['target'] }),
        start: `./${program}`,
      },
    }
  },
}

/** The programs of a package as Cargo finds them: those that its manifest names, `src/main.rs` by the package's name, `src/bin/`. */
function programsOf(folder: Folder, manifest: string): readonly string[] {
  const text = folder.text(manifest)
  const inner = manifest.slice(0, -'Cargo.toml'.length)
  const stated = [...text.matchAll(/^\[\[bin\]\]([^[]*)/gm)].map(([, section = '']) => ({
    name: /^name\s*=\s*"([\w-]+)"/m.exec(section)?.[1],
    isMain: /^path\s*=\s*"src\/main\.rs"/m.test(section),
  }))
  const named = stated.flatMap(({ name }) => (name === undefined ? [] : [name]))
  const own = /^\[package\][^[]*?^name\s*=\s*"([\w-]+)"/m.exec(text)?.[1]
  if (own === undefined) return named
  const hasMain = folder.has(`${inner}src/main.rs`) && !stated.some(({ isMain }) => isMain)
  const inBin = folder
    .find(/\/?src\/bin\/[\w-]+(?:\.rs|\/main\.rs)$/)
    .filter((path) => path.startsWith(`${inner}src/bin/`))
    .map((path) => path.slice(`${inner}src/bin/`.length).replace(/(?:\/main)?\.rs$/, ''))
  return [...(hasMain ? [own] : []), ...named, ...inBin]
}
