import type { Config } from '../config/schema.ts'

/**
 * An environment for a program that the operator's side starts: without the app's secrets, which are the app's alone, and
 * without the key of the stack.
 */
export function withoutSecrets(env: NodeJS.ProcessEnv, { app }: Pick<Config, 'app'>): NodeJS.ProcessEnv {
  const withheld = new Set(['TRIMARAN_KEY', ...app.secrets.map(({ name }) => name)])
  return Object.fromEntries(Object.entries(env).filter(([name]) => !withheld.has(name)))
}
