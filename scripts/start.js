// `npm start`: installs what is missing, saying so, and brings the example stack up in the lab.
// Plain JavaScript without dependencies: it runs before anything is installed, on whatever Node is there.
import { join } from 'node:path'
import { installProject, root, runInProject } from './project.js'

installProject()
process.exitCode = runInProject(['node', 'bin/trimaran.js', 'up', '--lab', '--yes', ...process.argv.slice(2)], {
  cwd: join(root, 'examples', 'guestbook'),
})
