// Puts the programs of the components beside what was compiled. Part of `npm run build`.
import { cpSync, globSync } from 'node:fs'

for (const folder of globSync('src/components/*/files'))
  cpSync(folder, folder.replace(/^src/, 'dist'), { recursive: true })
