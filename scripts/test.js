// `npm test`: everything that a change must pass. `--quick`: what needs no lab. `--nightly`: what takes hours.
// What a lab needs is installed first; where no lab can be held, its tests are skipped and named.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { installProject, runInProject, say } from './project.js'

/** The cheapest first, so that a mistake shows early; a step that fails does not hide the others. */
const quick = [
  { name: 'types, lint, format, dead code, imports, reference, package', command: ['npm', 'run', '--silent', 'check'] },
  { name: 'units', project: 'unit', reporter: 'dot' },
  { name: 'the packed tarball in an empty folder', project: 'package' },
]
const lab = [
  { name: 'goldens before the real daemons', project: 'daemons', needsLab: true },
  { name: 'SSH, against a server on loopback', project: 'ssh', needsLab: true },
  { name: 'end to end on the lab', project: 'lab', needsLab: true },
]
const nightly = [
  { name: 'the rest of end to end on the lab', project: 'nightly', needsLab: true },
  { name: 'attacks from within a server', project: 'attacks', needsLab: true },
  { name: 'an operator’s ordinary days, under load', project: 'everyday', needsLab: true },
  { name: 'failures of the database tier', project: 'database', needsLab: true },
]
const lanes = { '--quick': quick, '--all': [...quick, ...lab], '--nightly': nightly }

const lane = process.argv[2] ?? '--all'
const steps = lanes[lane]
if (steps === undefined) {
  process.stderr.write(`✖ there is no ${lane}\n  → one of ${Object.keys(lanes).join(', ')}\n`)
  process.exit(2)
}

installProject()
const folder = mkdtempSync(join(tmpdir(), 'trimaran-test-'))
/** Whether this machine can hold a lab: unknown until a step needs it. */
let labIsReady
const results = steps.map(runStep)
rmSync(folder, { recursive: true, force: true })

process.stdout.write('\n')
for (const { name, outcome, seconds } of results)
  process.stdout.write(`${outcome.padEnd(8)}  ${`${Math.round(seconds)} s`.padStart(6)}  ${name}\n`)
const sum = (key) => results.reduce((total, result) => total + result[key], 0)
process.stdout.write(
  `\n${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped in ${Math.round(sum('seconds'))} s\n`,
)
process.exitCode = results.some(({ outcome }) => outcome === 'failed') ? 1 : 0

function runStep(step) {
  if (step.needsLab) labIsReady ??= runInProject(['node', 'scripts/prepare-lab.ts']) === 0
  const startedAt = performance.now()
  return { ...checkStep(step), seconds: (performance.now() - startedAt) / 1000 }
}

function checkStep({ name, command, project, reporter = 'default', needsLab = false }) {
  if (needsLab && !labIsReady) {
    const why = `${name}: this machine cannot hold a lab, for the reasons above`
    return { name: why, outcome: 'skipped', passed: 0, failed: 0, skipped: 0 }
  }
  say(name)
  if (project === undefined) {
    const ok = runInProject(command) === 0
    return { name, outcome: ok ? 'passed' : 'failed', passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 }
  }
  const file = join(folder, `${project}.json`)
  const reporters = ['--reporter', reporter, '--reporter', 'json', '--outputFile', file]
  const ok = runInProject(['vitest', 'run', '--project', project, ...reporters]) === 0
  return { name, outcome: ok ? 'passed' : 'failed', ...countTests(file, ok) }
}

/** What the runner counted; a runner that died before it could count is one failure. */
function countTests(file, ok) {
  try {
    const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(readFileSync(file, 'utf8'))
    return { passed: numPassedTests, failed: Math.max(numFailedTests, ok ? 0 : 1), skipped: numPendingTests }
  } catch {
    return { passed: 0, failed: 1, skipped: 0 }
  }
}
