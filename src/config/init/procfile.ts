import { checkCommand } from '../values/text.ts'
import { checkProcessName } from '../values/process.ts'
import type { Folder } from './folder.ts'
import type { AppFound } from './draft.ts'
import { withServersPython } from './python-project.ts'

/** The lines `name: command` of a Procfile. */
export const commandsIn = (text: string): readonly { readonly name: string; readonly command: string }[] =>
  [...text.matchAll(/^([\w-]+):[ \t]*(\S.*)$/gm)]
    .map(([, name, command]) => ({ name: name!, command: command!.trim() }))
    .filter(({ command }) => checkCommand(command) === undefined)

/** What runs on Heroku alone. */
const ofHeroku = /heroku-(?:php|buildpack)|^(?:bin\/)?start-nginx|^\.?\/?buildpack/

/** What a Procfile says of an app that was found otherwise goes before what was concluded. */
export function withProcfile(found: AppFound, folder: Folder): AppFound {
  const commands = commandsIn(folder.text('Procfile'))
  const own = commands.filter(({ command }) => !ofHeroku.test(command))
  if (commands.length === 0) return found
  const isPython = found.app.env?.['PYTHONPATH'] !== undefined || found.app.start.startsWith('python3')
  const asRun = (command: string): string => (isPython ? withServersPython(command) : command)
  const commandOf = (name: string): string | undefined => {
    const command = own.find((one) => one.name === name)?.command
    return command === undefined ? undefined : asRun(command)
  }
  const others = own.filter(({ name }) => name !== 'web' && name !== 'release')
  const named = others.map(({ name, command }) => [processName(name), asRun(command)] as const)
  const processes = {
    ...found.app.processes,
    ...Object.fromEntries(named.filter(([name]) => checkProcessName(name) === undefined)),
  }
  const release = commandOf('release') ?? found.app.release
  const foreign = commands.filter((one) => !own.includes(one))
  return {
    ...found,
    evidence: found.evidence === 'Procfile' ? found.evidence : `${found.evidence}, with a Procfile`,
    advice: [
      ...(found.advice ?? []),
      ...foreign.map(
        ({ name, command }) => `\`${command}\`, ${name} of the Procfile, exists on Heroku alone: it was left out`,
      ),
    ],
    app: {
      ...found.app,
      start: commandOf('web') ?? found.app.start,
      ...(release !== undefined && { release }),
      ...(Object.keys(processes).length > 0 && { processes }),
    },
  }
}

/** `worker1` for `Worker-1`. */
const processName = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '')
    .slice(0, 20)
