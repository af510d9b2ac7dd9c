import type { File } from '../../resources/resource.ts'
import { siteName } from '../../stack/stack.ts'
import type { RenderContext } from '../component.ts'
import { readinessProgram } from '../haproxy/index.ts'
import { ownAddress } from '../health-check.ts'
import { postgresPort } from '../patroni/index.ts'
import { placeProgram } from '../program.ts'
import { processesOf } from './processes.ts'
import { appFolder } from './app-folder.ts'
import { looksNamesUp, namesConfig, namesUnit, reachUnits } from './names.ts'
import { appSlice, reachPaths, reachTable, reachUnit } from './reach-paths.ts'
import { confinement, hidden, memoryLimit, openFiles, programFolders } from './render-unit.ts'
import {
  aloneProgram,
  copiesIn,
  cutFiles,
  explainProgram,
  onceProgram,
  portsIn,
  retireProgram,
  type SlotName,
} from './slots.ts'
import { writablePairs } from './writable.ts'

/** The programs around the app; each one says in its head what it does. */
export const programs = (context: RenderContext): readonly File[] => [
  retireSlot(context),
  explainSlot(context),
  runInRelease(context),
  ...(processesOf(context.stack).some(({ isAlone }) => isAlone)
    ? [place('run-alone', aloneProgram, { POSTGRES_PORT: postgresPort })]
    : []),
  place('app-reach', reachPaths.program, {
    RULES: reachPaths.rules,
    NETWORKS: reachPaths.networks,
    TABLE: reachTable,
    SLICE: appSlice,
    UNIT: reachUnit,
    NAMES: namesConfig,
    NAMES_UNIT: looksNamesUp(context) ? namesUnit : '',
  }),
]

const explainSlot = ({ stack, server, facts }: RenderContext): File => {
  const asked = (slot: SlotName): readonly string[] =>
    copiesIn(slot, stack, server).flatMap(({ process: { health }, port }) =>
      port === undefined ? [] : [`${port} ${health}`],
    )
  return place('explain-app-slot', explainProgram, {
    ADDRESS: ownAddress(server, facts),
    SITE: siteName(stack),
    BLUE: asked('blue'),
    GREEN: asked('green'),
    PROC: '/proc',
  })
}

const retireSlot = ({ stack, server, facts }: RenderContext): File =>
  place('retire-app-slot', retireProgram, {
    OWN: ownAddress(server, facts),
    READINESS: readinessProgram,
    BLUE_PORTS: portsIn('blue', stack, server),
    GREEN_PORTS: portsIn('green', stack, server),
    PATIENCE: Math.ceil(stack.declared.app.drainTimeout),
    CUT: cutFiles,
  })

const runInRelease = (context: RenderContext): File =>
  place('run-in-release', onceProgram, {
    ROOT: appFolder,
    FOLDERS: programFolders(context),
    WRITABLE: writablePairs(context.stack),
    PROPERTIES: [
      `Wants=${reachUnit}`,
      `After=${reachUnits(context)}`,
      `Slice=${appSlice}`,
      'User=app',
      'Group=app',
      'EnvironmentFile=/etc/trimaran/app.env',
      'SyslogIdentifier=app',
      `MemoryMax=${memoryLimit(context)}`,
      `LimitNOFILE=${openFiles}`,
      ...confinement,
      ...hidden(context.stack),
    ].map((setting) => `--property=${setting}`),
  })

const place = placeProgram.bind(undefined, import.meta.url)
