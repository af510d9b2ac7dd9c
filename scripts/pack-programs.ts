// Puts the programs beside what was compiled. Part of `npm run build`.
import { cpSync, globSync } from 'node:fs'

for (const folder of globSync('src/**/files')) cpSync(folder, folder.replace(/^src/, 'dist'), { recursive: true })
