import { portAdvice } from '../port-advice.ts'
import type { Ecosystem } from '../draft.ts'

/** Rust: one program that needs the C library of Debian 13, or an older one. */
export const rust: Ecosystem = {
  name: 'Rust',
  family: 'rust',
  detect: (folder) => {
    const manifests = folder.find(/(?:^|\/)Cargo\.toml$/)
    const programs = manifests.flatMap((path) => {
      const text = folder.text(path)
      const inner = path.slice(0, -'Cargo.toml'.length)
      const stated = /\[\[bin\]\][^[]*?name\s*=\s*"([\w-]+)"/.exec(text)?.[1]
      const name = stated ?? /\[package\][^[]*?name\s*=\s*"([\w-]+)"/.exec(text)?.[1]
      return name !== undefined && (stated !== undefined || folder.has(`${inner}src/main.rs`)) ? [{ name, inner }] : []
    })
    const [program] = programs
    if (program === undefined) return undefined
    const one = programs.length > 1 ? ` --package ${program.name}` : ''
    const isLocked = folder.has('Cargo.lock')
    return {
      kind: 'Rust',
      evidence: 'Cargo.toml',
      comments: { build: 'Of target/ only the program is shipped.' },
      advice: [
        ...(programs.length > 1
          ? [
              `${programs.length} programs were found: ${programs.map(({ name }) => name).join(', ')}; ${program.name} was taken`,
            ]
          : []),
        ...portAdvice(folder, /\.rs$/, 'std::env::var("PORT")'),
        "the build needs Rust on this computer; the program needs this computer's kind of processor, and a C library that is no newer than Debian 13's (2.41)",
      ],
      app: {
        build: `cargo build --release${isLocked ? ' --locked' : ''}${one} && cp target/release/${program.name} server${isLocked ? '' : ' && rm -rf target'}`,
        ...(isLocked && { cache: ['target'] }),
        start: './server',
      },
    }
  },
}
