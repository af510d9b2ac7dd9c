import { failure } from '../../errors/failure.ts'
import { stackNameFrom } from '../values/stack-name.ts'
import { ecosystems } from './ecosystems/index.ts'
import { type DatabaseDecision, decideDatabase } from './decide-database.ts'
import { fitToDatabase } from './fit-to-database.ts'
import { findHealth } from './find-health.ts'
import type { Folder } from './folder.ts'
import { nodeProject } from './node-project.ts'
import { withProcfile } from './procfile.ts'
import type { AppFound, Ecosystem, Found, Draft, SettingName } from './draft.ts'
import { requireCommand, withoutEnvFiles } from './start-command.ts'
import { fromTop, type Member, memberFolder, memberFolders } from './workspaces.ts'
import { trimaran } from '../../speech/suggested-command.ts'

/** What was concluded about the app in a folder: a draft, and how it came about. */
export type Detected = Draft &
  Pick<DatabaseDecision, 'usesDatabase' | 'otherDatabase'> & {
    /** The name of the stack. */
    readonly name: string
    readonly guessed: readonly SettingName[]
    readonly advice: readonly string[]
  }

/**
 * Concludes from a folder's files how the app in it is built, started and asked for its health.
 * @param start the command that starts it, where the user says so
 * @throws TRI-CONFIG-009 where there is no app, or none that can be served; TRI-USAGE-001 where no config could hold the command
 */
export function detectApp(folder: Folder, start?: string): Detected {
  if (start !== undefined) requireCommand(start)
  const { found, family, passedOver } = choose(folder, start)
  if (!isDraft(found)) throw cannotBeServed(found)
  const whole = 'app' in found ? withProcfile(found, folder) : found
  const draft = 'app' in whole ? withStart(whole, start) : whole
  const project = family === undefined || family === 'npm' ? nodeProject(folder)?.name : undefined
  const name = stackNameFrom(project ?? folder.name) ?? stackNameFrom(folder.name) ?? 'my-app'
  const { guessed = [], advice = [] } = draft
  if (!('app' in draft)) return { ...draft, name, usesDatabase: false, guessed, advice: [...passedOver, ...advice] }
  const { app, database: wish, ...rest } = draft
  const { env: addresses, advice: onStores, ...database } = decideDatabase(folder, wish)
  const { app: fitted, advice: onProcesses } = fitToDatabase(app, addresses, database.usesDatabase)
  const health = app.health ?? findHealth(folder)
  return {
    ...rest,
    app: { ...fitted, ...(health !== undefined && { health }) },
    name,
    ...database,
    guessed: [...guessed, ...(health === undefined ? (['health'] as const) : [])],
    advice: [...passedOver, ...advice, ...onStores, ...onProcesses],
  }
}

/** The app with the command that the user names, or with its own as servers can run it. */
function withStart(found: AppFound, start: string | undefined): AppFound {
  const { app, advice } = withoutEnvFiles(found.app)
  const told = { ...found, app, advice: [...(found.advice ?? []), ...advice] }
  if (start === undefined) return told
  return { ...told, app: { ...app, start }, guessed: (found.guessed ?? []).filter((setting) => setting !== 'start') }
}

export const isDraft = (found: Found): found is Draft => 'app' in found || 'site' in found

interface Choice {
  readonly found: Found
  readonly family?: string
  /** Sentences on what else was found. */
  readonly passedOver: readonly string[]
}

function choose(folder: Folder, start: string | undefined): Choice {
  const all = detectAll(folder)
  const [first] = all
  const member = first === undefined || first.isGeneral === true ? chooseMember(folder) : undefined
  if (member !== undefined) return member
  if (start !== undefined && (first === undefined || !('app' in first.found)))
    return { found: { kind: 'program', evidence: 'the command that you named', app: { start } }, passedOver: [] }
  if (first === undefined) throw noAppIn(folder)
  return { found: first.found, family: first.family, passedOver: tellOthers(first, all.slice(1)) }
}

interface Candidate extends Pick<Ecosystem, 'family' | 'isGeneral'> {
  readonly found: Found
}

const detectAll = (folder: Folder): readonly Candidate[] =>
  ecosystems.flatMap(({ detect, family, isGeneral }) => {
    const found = detect(folder)
    return found === undefined ? [] : [{ found, family, ...(isGeneral && { isGeneral }) }]
  })

/** The app of a workspace; where it has several, the first that has a server, and the others are named. */
function chooseMember(folder: Folder): Choice | undefined {
  const members = memberFolders(folder).flatMap((path): readonly Member[] => {
    const found = detectAll(memberFolder(folder, path))[0]?.found
    return found === undefined ? [] : [{ path, found }]
  })
  const chosen = members.find(({ found }) => 'app' in found) ?? members[0]
  if (chosen === undefined) return undefined
  if (!isDraft(chosen.found)) return { found: chosen.found, passedOver: [] }
  const others = members.filter((one) => one !== chosen).map(({ path, found }) => `${path}/ (${found.kind})`)
  return {
    found: fromTop(folder, { path: chosen.path, found: chosen.found }),
    passedOver:
      others.length === 0
        ? []
        : [
            `the workspace has other apps: ${others.join(', ')}; ${chosen.path}/ was taken. Others can be \`processes\` of the same release, or stacks of their own`,
          ],
  }
}

/** A framework is the surest sign, so it comes first; the user is told of another server that was passed over. */
function tellOthers({ found: first, family }: Candidate, others: readonly Candidate[]): readonly string[] {
  const servers = others.filter(({ found, family: other }) => 'app' in found && other !== family && other !== 'any')
  return servers
    .slice(0, 2)
    .map(
      ({ found: { kind, evidence } }) =>
        `found both ${first.kind} (${first.evidence}) and ${kind} (${evidence}): ${first.kind} was taken, because ${first.evidence} is the surer sign`,
    )
}

const cannotBeServed = ({ kind, evidence, missing, next }: Exclude<Found, Draft>) =>
  failure('TRI-CONFIG-009', {
    what: `Found ${kind} (${evidence}), which cannot be set up as it is`,
    why: missing,
    state: 'nothing was written',
    next,
  })

/** Says what lies in the folder; apps in folders below it are named. */
function noAppIn(folder: Folder) {
  const inner = folder.entries
    .filter((name) => name.endsWith('/') && !name.startsWith('.'))
    .flatMap((name) => {
      const found = detectAll(folder.below(name.slice(0, -1)))[0]?.found
      return found !== undefined && isDraft(found) ? [`${name} (${found.kind})`] : []
    })
  const isBroken = folder.has('package.json') && nodeProject(folder) === undefined
  return failure('TRI-CONFIG-009', {
    what: 'No app was found in this folder',
    why: isBroken
      ? 'package.json is not valid JSON'
      : folder.entries.length === 0
        ? 'it is empty'
        : folder.has('package.json')
          ? 'package.json has no script `start`, and no file that listens for requests was found'
          : `looked for ${ecosystems.length} kinds of apps, such as package.json, manage.py, Gemfile, composer.json, go.mod, index.html`,
    state: 'nothing was written',
    next:
      inner.length > 0
        ? `run ${trimaran('init')} in a folder with an app: ${inner.slice(0, 5).join(', ')}`
        : `run it in the app's own folder, or name the command that starts the app: ${trimaran("init --start 'node server.js'")}`,
  })
}
