import type { Config } from '../config/schema.ts'

/**
 * The environment for a program that runs on the operator's computer. It has neither the app's secrets nor the stack key.
 */
export function withoutSecrets(env: NodeJS.ProcessEnv, { app }: Pick<Config, 'app'>): NodeJS.ProcessEnv {
  const withheld = new Set(['TRIMARAN_KEY', ...app.secrets.map(({ name }) => name)])
  return Object.fromEntries(Object.entries(env).filter(([name]) => !withheld.has(name)))
}
