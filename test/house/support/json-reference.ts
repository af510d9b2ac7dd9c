import { components } from '../../../src/components/index.ts'
import { contextFor, labStack } from '../../../src/components/testing/stacks.ts'
import { blueprintOf } from '../../../src/engine/observe.ts'
import { failure } from '../../../src/errors/failure.ts'
import { failureAsJson } from '../../../src/errors/render-failure.ts'
import type { EventBody } from '../../../src/events/event.ts'
import { explainStack } from '../../../src/explain/explain-stack.ts'
import { narrowExplanation } from '../../../src/explain/narrow-explanation.ts'
import { jsonOfPlan } from '../../../src/plan/json-of-plan.ts'
import { soundServer } from '../../../src/plan/testing/sound-server.ts'
import { summarise } from '../../../src/status/summarise.ts'
import type { JsonLines, JsonType } from '../../../src/ui/json-lines.ts'
import { planOfTranscript } from './transcript.ts'

const stack = labStack(components, { balancer: 1, web: 1, app: 1, database: 1 })
const answers = new Map(
  stack.servers.map((server) => [
    server.name,
    soundServer(blueprintOf(server, stack, components, contextFor(stack, server.name)), stack.name),
  ]),
)
const at = '2026-11-30T22:55:46.397Z'
const lab = {
  name: 'guestbook',
  owner: '/home/ana/guestbook',
  subnet: '198.18.0.0/24',
  bridgeAddress: '198.18.0.1',
  internet: false,
  servers: [{ name: 'web-1', address: '198.18.0.31', state: 'running' }],
  sshConfig: '/var/lib/trimaran/labs/guestbook/ssh_config',
} as const
const step = {
  kind: 'file',
  name: '/etc/nginx/nginx.conf',
  action: 'change',
  reason: 'has other content',
  component: 'nginx',
} as const

type Answer = { readonly [Type in JsonType]: readonly [verbs: string, line: JsonLines[Type]] }

/** The compiler asks for one of each, with just its fields. */
const lines: Answer = {
  status: ['`status`; with `--watch` one every two seconds', summarise(stack, answers)],
  findings: [
    '`check`',
    {
      findings: [
        {
          level: 'problem',
          server: 'web-1',
          what: 'port 80, which nginx needs, is in use by apache2 (apache2.service)',
          why: 'Trimaran does not touch what it did not place',
          next: '`systemctl disable --now apache2.service` there',
        },
        { level: 'ok', what: 'The clocks agree' },
      ],
    },
  ],
  isolation: [
    '`verify isolation`',
    {
      isSound: false,
      tried: 1210,
      allowed: 96,
      refused: 1100,
      idle: 13,
      wrong: [
        { from: 'web-1', user: 'nobody', to: 'db-1', address: '198.18.0.191', protocol: 'tcp', port: 5432, is: 'open' },
      ],
      changedRules: ['db-1'],
      unasked: [],
      isOutsideSeen: true,
      milliseconds: 2900,
    },
  ],
  plan: [
    '`plan`, and every verb that shows one',
    jsonOfPlan(planOfTranscript('servers: balancer 1, web 1, app 1, database 1\nweb-1: nginx.service is stopped\n')),
  ],
  explanation: ['`explain`; here `explain web`', narrowExplanation(explainStack(stack, components), 'web')!],
  diagram: ['`explain --diagram FILE`', { file: 'guestbook.svg' }],
  init: [
    '`init`',
    {
      file: '/home/ana/shop/trimaran.config.ts',
      detected: {
        kind: 'Express',
        evidence: 'the script `start` of package.json',
        app: { build: 'npm ci', start: 'node server.js', runtime: { node: '24' } },
        name: 'shop',
        usesDatabase: true,
        guessed: ['health'],
        advice: [],
      },
      companions: [],
      ignored: true,
    },
  ],
  released: [
    '`deploy`, `rollback`; `unreachable` servers get the release from the next `up`',
    { changed: true, release: '20261130-225500-abc1234', unreachable: [] },
  ],
  releases: [
    '`releases`, the newest first',
    {
      stack: 'guestbook',
      releases: [
        {
          release: '20261130-225500-abc1234',
          builtAt: '2026-11-30T22:55:00.000Z',
          revision: 'abc1234',
          isCurrent: true,
          wasCutOff: false,
          servers: ['web-1', 'app-1'],
          isHere: true,
        },
      ],
    },
  ],
  drained: [
    '`drain`; `left` are still open, `cut` were cut off, `callers` still send requests',
    { server: 'web-1', milliseconds: 1840, isAlive: true, left: 0, cut: 0, callers: [], notes: [] },
  ],
  undrained: ['`undrain`', { server: 'web-1', milliseconds: 2210, isAlive: true }],
  rolling: [
    '`reboot`, `upgrade`: what is about to begin',
    { verb: 'reboot', servers: ['web-1', 'web-2'], drainedBefore: [] },
  ],
  rolled: ['the same, once all is done', { verb: 'reboot', servers: ['web-1', 'web-2'], milliseconds: 61_204 }],
  scaled: [
    '`scale`; `where` is the place in the config that was changed',
    { tier: 'web', before: 1, servers: ['web-1', 'web-2'], where: 'trimaran.config.ts:11', unreachable: [] },
  ],
  replaced: ['`replace`', { server: 'db-2', milliseconds: 48_310, wasAlive: false }],
  switchover: [
    '`switchover`; `paused` are the pools that held queries back',
    {
      from: 'db-1',
      to: 'db-2',
      pauseMilliseconds: 1412,
      writes: 250,
      paused: [{ server: 'app-1', milliseconds: 1500 }],
    },
  ],
  import: [
    '`db import`: what is about to be imported; `bytes` are those of the file',
    {
      source: 'shop.dump',
      form: 'custom format of pg_dump',
      bytes: 56_948_617,
      seen: {
        versions: { from: '16.4' },
        encoding: 'UTF8',
        collation: null,
        extensions: ['pg_trgm'],
        tables: 2,
      },
      server: 'db-1',
      database: 'app',
      presence: 'must be empty',
      target: { version: '17.6', encoding: 'UTF8', collation: 'C.UTF-8', tables: 0, freeBytes: 40_000_000_000 },
      remarks: [],
    },
  ],
  imported: [
    'the same, once all is there; `isCompared` tables have as many rows as the source said',
    {
      changed: true,
      database: 'app',
      server: 'db-1',
      tables: 2,
      rows: 1204,
      list: [
        { name: 'public.entries', rows: 1200, isCompared: true },
        { name: 'public.authors', rows: 4, isCompared: true },
      ],
      isAnalyzed: true,
      leftOut: { owners: 2 },
      milliseconds: 4210,
    },
  ],
  following: [
    '`db follow`: how far it is; `there` is what the old server says, or `why` it says nothing',
    {
      database: 'app',
      server: 'db-1',
      source: 'postgresql://ana@old.example.com/shop',
      name: 'trimaran_guestbook_app',
      tables: 34,
      copied: 12,
      isWorking: true,
      failures: 0,
      there: {
        slot: { isActive: true, lagBytes: 1_204_224, keptBytes: 16_777_216 },
        lagSeconds: 0.4,
        isReadOnly: false,
        sessions: [{ user: 'shop', program: 'puma', count: 5 }],
      },
    },
  ],
  followed: [
    '`db follow finish`: what was counted on both sides',
    {
      changed: true,
      database: 'app',
      source: 'postgresql://ana@old.example.com/shop',
      tables: 34,
      rows: 1_204_510,
      sequences: 31,
      isAnalyzed: true,
    },
  ],
  abandoned: [
    '`db follow abandon`',
    { changed: true, database: 'app', source: 'postgresql://ana@old.example.com/shop' },
  ],
  history: [
    '`history`, one for each command; the newest last',
    {
      at,
      operator: 'ana@laptop',
      command: 'drain',
      about: 'web-1',
      servers: ['web-1', 'lb-1'],
      steps: 4,
      ok: true,
    },
  ],
  log: [
    '`logs`, one for each line of a journal; `at` is when the journal took it, by the clock of the server',
    {
      at,
      server: 'web-1',
      component: 'nginx',
      unit: 'nginx.service',
      message: 'request_id=01a20579-… status=200 ms=11',
    },
  ],
  output: ['`exec`, one for each server', { server: 'web-1', code: 0, stdout: ' 22:55:46 up 3 days\n', stderr: '' }],
  lab: ['`lab up`', lab],
  labs: ['`lab list`', { labs: [lab] }],
  'lab-removed': ['`lab down`', { lab: 'guestbook', removed: true }],
  power: ['`lab power-off`, `lab power-on`', { server: 'web-1', power: 'off' }],
  done: ['verbs that change servers: whether there was something to do', { changed: true }],
}

type Events = {
  readonly [Type in EventBody['type']]: readonly [when: string, event: Extract<EventBody, { type: Type }>]
}

const events: Events = {
  stage: [
    'a part of the work goes on',
    { type: 'stage', name: 'building release 20261130-225500-abc1234', detail: 'npm ci' },
  ],
  note: ['something to know', { type: 'note', level: 'warning', text: 'web-2 was lost; the others go on without it' }],
  observed: ['a server has answered', { type: 'observed', server: 'web-1', milliseconds: 312 }],
  unreachable: ['a server has not', { type: 'unreachable', server: 'web-2', why: 'No answer in time' }],
  'apply-started': ['a plan is applied', { type: 'apply-started', servers: ['web-1'], steps: 2, waves: 1 }],
  'wave-started': ['a wave of it', { type: 'wave-started', wave: 1, title: 'web: web-1', servers: ['web-1'] }],
  'step-started': ['a step', { type: 'step-started', server: 'web-1', step }],
  'step-done': ['it is done', { type: 'step-done', server: 'web-1', step, milliseconds: 41 }],
  'step-failed': [
    'it failed; `output` is what the server said',
    { type: 'step-failed', server: 'web-1', step, output: 'nginx: [emerg] unexpected "}"' },
  ],
  'rolled-back': [
    'what the component had changed was rolled back',
    { type: 'rolled-back', server: 'web-1', component: 'nginx', restored: true },
  ],
  'server-done': ['a server is through with its wave', { type: 'server-done', server: 'web-1', milliseconds: 1100 }],
  'server-failed': ['or is not', { type: 'server-failed', server: 'web-1', why: 'a step failed and was rolled back' }],
  'apply-done': ['the plan came to its end', { type: 'apply-done', ok: true, steps: 2, milliseconds: 1400 }],
  done: ['the change came to its end', { type: 'done', changed: true }],
  resumed: ['a rolling operation goes on', { type: 'resumed', verb: 'reboot', done: 1, servers: 2 }],
  excluded: [
    'a rolling operation does without a server',
    { type: 'excluded', server: 'web-2', why: 'No answer in time' },
  ],
  offers: [
    'what Debian has, before `upgrade` begins',
    {
      type: 'offers',
      offers: [{ server: 'web-1', packages: ['nginx 1.26.3-3 → 1.26.3-3+deb13u1'], needsRestart: false }],
    },
  ],
  'phase-started': [
    'a part of a step of a rolling operation begins',
    { type: 'phase-started', server: 'web-1', doing: 'is drained' },
  ],
  phase: ['it is over', { type: 'phase', server: 'web-1', phase: 'drained', milliseconds: 1250 }],
}

/** Told to people alone. */
const unprinted: ReadonlySet<string> = new Set(['resumed', 'excluded', 'phase-started'])
/** Results are printed without the time. */
const results: ReadonlySet<string> = new Set(['done', 'offers', 'phase'])

const error = {
  type: 'error',
  error: failureAsJson(
    failure('TRI-SERVER-001', {
      what: 'web-9 is not a server of this stack',
      why: 'servers: lb-1, lb-2, web-1, app-1, db-1',
      next: 'name one of these',
    }),
  ),
}

/** Renders docs/reference/json.md. */
export function renderJsonReference(): string {
  const answer = Object.entries(lines).map(([type, [verbs, line]]) => section(type, verbs, { type, ...line }))
  const told = Object.entries(events)
    .filter(([type]) => !unprinted.has(type) && !Object.hasOwn(lines, type))
    .map(([, [when, event]]) => `${when}:\n\n${block(results.has(event.type) ? event : { ...event, at }, 0)}`)
  return `${[introduction, '## The answers', ...answer, '## A failure', failing, block(error), '## Events', whileAtWork, ...told].join('\n\n')}\n`
}

const section = (type: string, verbs: string, line: object): string => `### ${type}\n\n${verbs}\n\n${block(line)}`
const block = (line: object, indent = 2): string => `\`\`\`json\n${JSON.stringify(line, undefined, indent)}\n\`\`\``

const introduction = `# What \`--json\` prints

<!-- Generated by \`npm run reference\` from src/ui/json-lines.ts; changes made here are lost. -->

Each line on standard output is one JSON value with a \`type\`; here some are broken into several lines to be read. Times are in ISO's form, in UTC;
durations are in milliseconds. Fields are added, never lost: ignore what you do not know. Secrets of the stack stand as \`***\`. What a server said
is a stranger's text: no terminal, shell or page should take it for more.`

const failing = `The last line, with the exit code in it; \`code\` is one of the [errors](errors.md). Parts that a failure does not have are absent.`
const whileAtWork = `While a verb is at work, before its answer; \`at\` is when it was told.`
