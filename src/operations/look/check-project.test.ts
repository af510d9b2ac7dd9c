import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { imagineProject } from '../testing/projects.ts'
import { checkProject } from './check-project.ts'

/** What is found in the imagined shop, with these settings more. */
async function found(change: (text: string) => string, files: Readonly<Record<string, string>> = {}) {
  const { folder, open, configText } = await imagineProject()
  await writeFile(join(folder, 'trimaran.config.ts'), change(await configText()))
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
  const findings = await checkProject(await open())
  return findings.map(({ level, what }) => `${level}: ${what}`)
}
const withMore = (more: string) => (text: string) => text.replace(/\n}\n$/, `\n${more}\n}\n`)

it('is content where all is there', async () => {
  expect(await found((text) => text)).toEqual(['ok: The files and secrets that the config names are there'])
})

it.each([
  [
    'a page',
    withMore("pages: { 503: './sorry.html' },"),
    'problem: trimaran.config.ts: pages.503 names ./sorry.html, which cannot be read',
  ],
  [
    'a hook',
    withMore("hooks: { beforeDeploy: './may-we.sh now' },"),
    'problem: hooks.beforeDeploy names ./may-we.sh, which is not there',
  ],
  [
    'the start file',
    (text: string) => text.replace('node server.js', 'node serve.js'),
    'problem: app.start: The release has no serve.js',
  ],
  [
    'the source',
    (text: string) => text.replace("source: '.'", "source: 'shop'"),
    'problem: app.source names shop, which is no folder',
  ],
  [
    'the folder of files',
    (text: string) => text.replace("root: 'public'", "root: 'dist'"),
    'warning: web.root names dist, which is no folder in app.source',
  ],
  [
    'a secret',
    (text: string) => text.replace("source: '.'", "source: '.', secrets: ['NO_SUCH_TOKEN']"),
    'problem: trimaran.config.ts: A secret of the app was not found',
  ],
])('names what is not there: %s', async (_, change, finding) => {
  expect((await found(change)).map((line) => line.replace(/: \S*\/trimaran\.config/, ': trimaran.config'))).toEqual([
    finding,
  ])
})

it('names a hook that cannot be run, and says nothing of commands', async () => {
  expect(
    await found(withMore("hooks: { beforeDeploy: './may-we.sh', afterDeploy: 'echo done' },"), { 'may-we.sh': '' }),
  ).toEqual(['problem: hooks.beforeDeploy names ./may-we.sh, which cannot be run'])
})

it('leaves to the build what it makes', async () => {
  const change = (text: string): string =>
    text.replace("source: '.'", "source: '.', build: 'make'").replace('node server.js', 'node dist/server.js')
  expect(await found(change)).toEqual(['ok: The files and secrets that the config names are there'])
})
