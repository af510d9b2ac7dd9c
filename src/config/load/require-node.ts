import { failure } from '../../errors/failure.ts'

/** The first version that runs TypeScript without a flag, and lets a program resolve imports itself. */
const oldest = [22, 18] as const

/** Refuses a Node that could not read the config, before it says so in words that nobody understands. */
export function requireNode(version: string): void {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > oldest[0] || (major === oldest[0] && minor >= oldest[1])) return
  throw failure('TRI-CONFIG-004', {
    what: `this is Node.js ${version}, which is too old to read a typed config`,
    why: `Node.js runs TypeScript by itself from ${oldest.join('.')} on`,
    next: 'install Node.js 24, or add it to this project alone: npm install --save-dev node@24',
  })
}
