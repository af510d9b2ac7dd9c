import type { RenderContext } from '../component.ts'
import { hardening, hardeningSettings } from '../hardening.ts'
import { logInto, logSettings } from '../journal.ts'
import { placedByTrimaran, reasonsOn } from '../placed.ts'
import type { Process } from './processes.ts'
import { reachUnits } from './names.ts'
import { appSlice, reachUnit } from './reach-paths.ts'
import { nodeFolder } from './runtime.ts'
import { bindPaths } from './writable.ts'
import { variablesOfCopy } from './variables.ts'
import { aloneProgram, copiesIn, folderOf, type SlotName, targetOf } from './slots.ts'

/** The template unit of one process in one slot; the instance name is the port of the copy. */
export function renderUnit(slot: SlotName, program: Process, context: RenderContext): string {
  const { stack } = context
  const { stopTimeout } = stack.declared.app
  const writable = bindPaths(stack, folderOf(slot))
  const called = stack.declared.database.pool === undefined ? 'haproxy.service' : 'haproxy.service pgbouncer.service'
  return `${placedByTrimaran}
${reasonsOn('release-trees-and-slots', 'app-reach')}
[Unit]
Description=${stack.name}: ${program.name}, in slot ${slot}${describe(program)}${runs(program) === 'at times' ? '' : `\nPartOf=${targetOf(slot)}`}
Wants=network-online.target ${called} ${reachUnit}
After=network-online.target ${called} ${reachUnits(context)}
# Never stop trying: what the app waits for (the database, a fixed release) may come in a minute.
StartLimitIntervalSec=0

[Service]
${kinds[runs(program)]}
Slice=${appSlice}
User=app
Group=app
WorkingDirectory=${folderOf(slot)}
Environment="PATH=${pathIn(folderOf(slot), context)}"
${npmShell(context)}EnvironmentFile=/etc/trimaran/app.env
${program.firstPort === undefined ? '' : `${portVariable}${ownPortVariables(context)}`}Environment=TRIMARAN_PROCESS=${program.name}
# bash and not sh: it replaces itself with the command, so that SIGTERM reaches the app and not a shell.
ExecStart=${program.isAlone ? `/bin/bash ${aloneProgram} ${runs(program) === 'at times' ? 'once' : 'always'} ${program.name} ` : '/bin/bash -c '}${quoteForUnit(program.command)}
SyslogIdentifier=app
${logInto('app')}

# SIGTERM goes to the main process only, which passes it on to its children.
KillSignal=SIGTERM
KillMode=mixed
TimeoutStopSec=${stopTimeout}
SuccessExitStatus=143
${restarts[runs(program)]}

MemoryMax=${memoryLimit(context)}
# When memory runs out, the app is ended before what the operator needs; all of it restarts, not only a part.
OOMScoreAdjust=300
OOMPolicy=kill
TasksMax=4096
LimitNOFILE=${openFiles}

# The app may write to /tmp, its own and emptied at each start, and to /var/cache/app, its home. Nothing else${writable.length === 0 ? '' : ' but what app.writable names'}.
${[...cache, ...writable].join('\n')}
${hiddenLines(stack)}${hardening('app')}
`
}

const cache = ['CacheDirectory=app', 'CacheDirectoryMode=0750'] as const

/**
 * Daemons that look up any name for whoever asks over a socket. They are hidden where the app may call listed hosts only: what
 * they find is in no set, and a name can carry data out. Folders, since what replaces a file would show again.
 */
export const hidden = ({ declared: { app } }: Pick<RenderContext['stack'], 'declared'>): readonly string[] =>
  app.outbound === undefined ? [] : ['TemporaryFileSystem=/run/systemd/resolve:ro', 'InaccessiblePaths=-/run/dbus']

function hiddenLines(stack: RenderContext['stack']): string {
  const settings = hidden(stack)
  return settings.length === 0
    ? ''
    : `# What would look up any name for the app, without the limits of app.outbound.\n${settings.join('\n')}\n`
}

/** What the app may do on a server, as settings for other commands that run as the app. */
/** Files and connections that it may have open at a time. */
export const openFiles = 65_536

export const confinement: readonly string[] = [...cache, ...logSettings('app'), ...hardeningSettings('app')]

const runs = ({ at }: Process): 'always' | 'at times' => (at === undefined ? 'always' : 'at times')

const kinds = {
  always: 'Type=exec',
  'at times': '# It does its work and ends.\nType=oneshot\nTimeoutStartSec=infinity',
} as const

const restarts = {
  always: `# At once after the first crash; an app that keeps crashing is tried every 2 seconds.
Restart=always
RestartSec=100ms
RestartSteps=4
RestartMaxDelaySec=2s`,
  'at times': '# After a failure it waits for its next time.\nRestart=no',
} as const

const describe = ({ firstPort, instances }: Process): string =>
  firstPort !== undefined ? ', on port %i' : instances === 1 ? '' : ', copy %i'

const portVariable = `# A copy finds its port here; a second copy, or the release that comes after this one, has another.
Environment=PORT=%i
`

/** The variables of the config that have the port in them. */
const ownPortVariables = (context: RenderContext): string =>
  Object.entries(variablesOfCopy(context, portMark))
    .map(([name, value]) => `Environment="${name}=${escapeForUnit(value).replaceAll(portMark, '%i')}"\n`)
    .join('')

/** No text of a config has it: systemd would not take it. */
const portMark = '\u0000'

const escapeForUnit = (text: string): string =>
  text
    .replaceAll(/["\\]/g, String.raw`\$&`)
    .replaceAll('%', '%%')
    .replaceAll('\r', String.raw`\r`)
    .replaceAll('\n', String.raw`\n`)

/** One argument of an Exec line that systemd passes on unchanged: no specifier, variable or escape is expanded. */
export function quoteForUnit(text: string): string {
  return `"${escapeForUnit(text).replaceAll('$', '$$$$')}"`
}

const pathIn = (release: string, context: RenderContext): string =>
  programFolders(context)
    .map((folder) => (folder.startsWith('/') ? folder : `${release}/${folder}`))
    .join(':')

/** The PATH: the runtime of the config first, then the release's own folders, which are relative paths. */
export function programFolders({ stack }: Pick<RenderContext, 'stack'>): readonly string[] {
  const node = nodeFolder(stack.declared.app.runtime)
  return [...(node === undefined ? [] : [`${node}/bin`]), 'node_modules/.bin', '/usr/local/bin', '/usr/bin', '/bin']
}

/**
 * npm passes SIGTERM to the shell that it starts scripts with. bash has replaced itself with the app by then; sh would
 * just end.
 */
const npmShell = ({ stack }: RenderContext): string =>
  nodeFolder(stack.declared.app.runtime) === undefined ? '' : 'Environment=npm_config_script_shell=/bin/bash\n'

const shareOfMemory = 0.7
const mebibyte = 1024 ** 2

/**
 * The memory that the config allows each copy, or its share of seven tenths of the server's: the sidecar and Debian
 * need the rest.
 */
export function memoryLimit({ stack, server, facts }: RenderContext): string {
  const copies = copiesIn('blue', stack, server).length
  const bytes = stack.declared.app.memory ?? (facts.memoryBytes * shareOfMemory) / copies
  return `${Math.max(64, Math.floor(bytes / mebibyte))}M`
}
