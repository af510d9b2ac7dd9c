// `npm start`: installs what is missing, saying so, and brings the example stack up in the lab.
// Plain JavaScript without dependencies: it runs before anything is installed, on whatever Node is there.
import { join } from 'node:path'
import { installProject, root, runInProject } from './project.js'

installProject()
const folder = join('examples', 'guestbook')
process.exitCode = runInProject(['node', 'bin/trimaran.js', 'up', '--lab', '--yes', ...process.argv.slice(2)], {
  cwd: join(root, folder),
})
if (process.exitCode === 0)
  process.stdout.write(`\nThe commands above are given in the example's folder: cd ${folder}\n`)
