import type { AppDraft, ProcessDraft } from './draft.ts'

/** An app as its ecosystem drafts it, with what follows from whether the stack has a database. */
export function fitToDatabase(
  { env: own, secrets: named, processes, ...app }: AppDraft,
  addresses: NonNullable<AppDraft['env']>,
  usesDatabase: boolean,
): { readonly app: AppDraft; readonly advice: readonly string[] } {
  const env = { ...own, ...addresses }
  // What the stack gives the app is no secret that the user has to provide.
  const secrets = (named ?? []).filter((name) => !Object.hasOwn(env, name))
  const entries = Object.entries(processes ?? {})
  const lone = usesDatabase ? [] : entries.filter(([, process]) => isOnOne(process)).map(([name]) => name)
  const fitted = entries.map(([name, process]) => [name, lone.includes(name) ? onEvery(process) : process] as const)
  return {
    app: {
      ...app,
      ...(entries.length > 0 && { processes: Object.fromEntries(fitted) }),
      ...(Object.keys(env).length > 0 && { env }),
      ...(secrets.length > 0 && { secrets }),
    },
    advice: lone.map(
      (name) =>
        `${name} runs on every app server: which one runs it alone is decided by a lock in the stack's database, and there is none`,
    ),
  }
}

const isOnOne = (process: string | ProcessDraft): boolean => typeof process !== 'string' && process.on === 'one'

function onEvery(process: string | ProcessDraft): string | ProcessDraft {
  if (typeof process === 'string') return process
  const { on: _, ...rest } = process
  return rest
}
