// Puts the programs beside what was compiled. Part of `npm run build`.
import { cpSync, globSync } from 'node:fs'

// Python leaves what it compiled beside a program that is run here.
const isProgram = (path: string): boolean => !path.endsWith('__pycache__')

for (const folder of globSync('src/**/files'))
  cpSync(folder, folder.replace(/^src/, 'dist'), { recursive: true, filter: isProgram })
