// `npm test`: everything. What a lab needs is installed first; where no lab can be held, its tests are skipped and named.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { installProject, runInProject, say } from './project.js'

installProject()

const folder = mkdtempSync(join(tmpdir(), 'trimaran-test-'))

/** Each step with what it needs; a failing one does not hide the others. */
const steps = [
  { name: 'types, lint, format, dead code, imports, reference, package', command: ['npm', 'run', '--silent', 'check'] },
  { name: 'units', project: 'unit' },
  { name: 'the packed tarball in an empty folder', project: 'package' },
  { name: 'goldens before the real daemons', project: 'daemons', needsLab: true },
  { name: 'end to end on the lab', project: 'lab', needsLab: true },
]

const canHoldLab = runInProject(['node', 'scripts/prepare-lab.ts']) === 0
const results = steps.map(runStep)
rmSync(folder, { recursive: true, force: true })

process.stdout.write('\n')
for (const { name, outcome } of results) process.stdout.write(`${outcome.padEnd(8)}  ${name}\n`)
const sum = (key) => results.reduce((total, result) => total + result[key], 0)
process.stdout.write(`\n${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped\n`)
process.exitCode = results.some(({ outcome }) => outcome === 'failed') ? 1 : 0

function runStep({ name, command, project, needsLab = false }) {
  if (needsLab && !canHoldLab) {
    return {
      name: `${name}: this machine cannot hold a lab, for the reasons above`,
      outcome: 'skipped',
      passed: 0,
      failed: 0,
      skipped: 0,
    }
  }
  say(name)
  if (project === undefined) {
    const ok = runInProject(command) === 0
    return { name, outcome: ok ? 'passed' : 'failed', passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 }
  }
  const file = join(folder, `${project}.json`)
  const reporters = ['--reporter', 'default', '--reporter', 'json', '--outputFile', file]
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
