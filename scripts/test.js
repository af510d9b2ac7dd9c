// `npm test`: everything. What a lab needs is installed first; where no lab can be held, its tests are left out and named.
import { installProject, runInProject, say } from './project.js'

installProject()

/** Each step with what it needs; a failing one does not hide the others. */
const steps = [
  { name: 'types, lint, format, dead code, imports, reference', command: ['npm', 'run', '--silent', 'check'] },
  { name: 'pure folders', command: ['vitest', 'run', '--project', 'unit'] },
  { name: 'goldens judged by the real daemons', command: ['vitest', 'run', '--project', 'daemons'], needsLab: true },
  { name: 'end to end on the lab', command: ['vitest', 'run', '--project', 'lab'], needsLab: true },
]

const labCode = runInProject(['node', 'scripts/prepare-lab.ts'])
const results = steps.map(({ name, command, needsLab = false }) => {
  if (needsLab && labCode !== 0) return { name, outcome: 'left out: this machine cannot hold a lab, for the reasons above' }
  say(name)
  return { name, outcome: runInProject(command) === 0 ? 'passed' : 'failed' }
})

process.stdout.write(`\n${results.map(({ name, outcome }) => `${name}: ${outcome}`).join('\n')}\n`)
process.exitCode = results.some(({ outcome }) => outcome === 'failed') ? 1 : 0
