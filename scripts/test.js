// `npm test`: everything that a change must pass. `--quick`: what needs no lab. `--nightly`: what takes hours.
// What a lab needs is installed first; where no lab can be held, its tests are skipped and named.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { collectInProject, installProject, runInProject, say } from './project.js'

/** What needs no lab: two tracks, side by side. Checks and package take turns, for both write `dist`. */
const quick = [
  [
    {
      name: 'types, lint, format, dead code, imports, reference, package',
      command: ['npm', 'run', '--silent', 'check'],
    },
    { name: 'the packed tarball in an empty folder', project: 'package' },
  ],
  [{ name: 'units', project: 'unit', reporter: 'dot' }],
]
/** The cheapest first, so that a mistake shows early. */
const lab = [
  { name: 'goldens before the real daemons', project: 'daemons' },
  { name: 'SSH, against a server on loopback', project: 'ssh' },
  { name: 'end to end on the lab', project: 'lab' },
]
const nightly = [
  { name: 'the rest of end to end on the lab', project: 'nightly' },
  { name: 'attacks from within a server', project: 'attacks' },
  { name: 'an operator’s ordinary days, under load', project: 'everyday' },
  { name: 'failures of the database tier', project: 'database' },
]
const lanes = {
  '--quick': { tracks: quick, steps: [] },
  '--all': { tracks: quick, steps: lab },
  '--nightly': { tracks: [], steps: nightly },
}

const name = process.argv[2] ?? '--all'
const lane = lanes[name]
if (lane === undefined) {
  process.stderr.write(`✖ there is no ${name}\n  → one of ${Object.keys(lanes).join(', ')}\n`)
  process.exit(2)
}

installProject()
// Before all else: it brings what checks and runs the servers' programs, too.
const preparing = { name: 'preparing the lab', command: ['node', 'scripts/prepare-lab.ts'] }
const labCode = lane.steps.length > 0 ? runInProject(preparing.command) : 0
/** The code with which that says that this machine cannot hold one: then its tests are skipped. All else is a failure. */
const impossible = 3
const folder = mkdtempSync(join(tmpdir(), 'trimaran-test-'))
const results = await Promise.all(lane.tracks.map(runTrack)).then((tracks) => tracks.flat())
// A step that fails does not hide the next ones.
if (labCode !== 0 && labCode !== impossible) results.push(toResult(preparing, false, performance.now()))
for (const step of lane.steps) results.push(labCode === 0 ? runLabStep(step) : skip(step))
rmSync(folder, { recursive: true, force: true })

process.stdout.write('\n')
for (const { name, outcome, seconds } of results)
  process.stdout.write(`${outcome.padEnd(8)}  ${`${Math.round(seconds)} s`.padStart(6)}  ${name}\n`)
const sum = (key) => results.reduce((total, result) => total + result[key], 0)
process.stdout.write(
  `\n${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped in ${Math.round(performance.now() / 1000)} s\n`,
)
process.exitCode = results.some(({ outcome }) => outcome === 'failed') ? 1 : 0

/** One step after another; each shows what it printed when it is done, so that tracks do not mix. */
async function runTrack(steps) {
  const done = []
  for (const step of steps) {
    say(`${step.name}: begun`)
    const startedAt = performance.now()
    const { code, printed } = await collectInProject(step.command ?? vitest(step))
    process.stdout.write(`\n· ${step.name}\n${printed}`)
    done.push(toResult(step, code === 0, startedAt))
  }
  return done
}

/** A step that takes minutes, and shows each test as it ends. */
function runLabStep(step) {
  say(step.name)
  const startedAt = performance.now()
  return toResult(step, runInProject(vitest(step)) === 0, startedAt)
}

function skip({ name }) {
  const why = `${name}: there is no lab, for the reasons above`
  return { name: why, outcome: 'skipped', passed: 0, failed: 0, skipped: 0, seconds: 0 }
}

function vitest({ project, reporter = 'default' }) {
  const reporters = ['--reporter', reporter, '--reporter', 'json', '--outputFile', countsOf(project)]
  return ['vitest', 'run', '--project', project, ...reporters]
}

function toResult({ name, project }, ok, startedAt) {
  const counts =
    project === undefined ? { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 } : readCounts(project, ok)
  return { name, outcome: ok ? 'passed' : 'failed', ...counts, seconds: (performance.now() - startedAt) / 1000 }
}

/** What the runner counted; a runner that died before it could count is one failure. */
function readCounts(project, ok) {
  try {
    const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(readFileSync(countsOf(project), 'utf8'))
    return { passed: numPassedTests, failed: Math.max(numFailedTests, ok ? 0 : 1), skipped: numPendingTests }
  } catch {
    return { passed: 0, failed: 1, skipped: 0 }
  }
}

function countsOf(project) {
  return join(folder, `${project}.json`)
}
