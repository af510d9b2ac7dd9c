import { mkdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { findPublicFolder, listPublicFiles } from './public-files.ts'
import { temporaryFolder } from './testing/temporary-folder.ts'

const files = {
  'server.js': 'code',
  '.hidden/x': '',
  'site/index.html': '',
  'site/v2/page.html': '',
  'site/.draft.html': '',
  'site/.well-known/security.txt': '',
}

async function withLinks(links: Readonly<Record<string, string>>): Promise<string> {
  const tree = await temporaryFolder(files)
  for (const [path, target] of Object.entries(links)) {
    await mkdir(join(tree, path, '..'), { recursive: true })
    await symlink(target, join(tree, path))
  }
  return tree
}

it.each<readonly [string, Readonly<Record<string, string>>]>([
  ['public', { public: '.' }],
  ['public', { public: './site/..' }],
  ['public', { public: 'site' }],
  ['public', { public: '..' }],
  ['public', { public: '/etc' }],
  ['public', { public: 'nowhere' }],
  ['dist/public', { dist: '.', public: 'site' }],
  ['dist/site', { dist: '.' }],
  ['public/site', { public: '.' }],
])('refuses a folder %s that is reached over a link: %j', async (root, links) => {
  await expect(findPublicFolder(await withLinks(links), root)).rejects.toMatchObject({
    code: 'TRI-RELEASE-002',
    facts: { what: expect.stringContaining(' is a link, but static files must lie in a real folder') },
  })
})

it.each(['.', './', 'site/..', '..', '../..', '/etc', 'site/../..'])('refuses %s as the folder', async (root) => {
  await expect(findPublicFolder(await temporaryFolder(files), root)).rejects.toMatchObject({
    facts: { what: 'The whole release would be public, with its code' },
  })
})

it('finds a folder, and says where there is none', async () => {
  const tree = await temporaryFolder(files)
  expect(await findPublicFolder(tree, 'site/v2')).toBe(join(tree, 'site/v2'))
  expect(await findPublicFolder(tree, 'none')).toBeUndefined()
  expect(await findPublicFolder(tree, 'server.js')).toBeUndefined()
})

it('lists what visitors may see, through links that stay among it', async () => {
  const tree = await withLinks({ 'site/latest': 'v2', 'site/home.html': 'index.html', 'site/.secret': '../server.js' })
  expect(await listPublicFiles(join(tree, 'site'))).toEqual([
    '.well-known/security.txt',
    'home.html',
    'index.html',
    'latest/page.html',
    'v2/page.html',
  ])
})

it.each([
  [{ 'site/code.js': '../server.js' }, 'code.js leads out of it'],
  [{ 'site/all': '..' }, 'all leads out of it'],
  [{ 'site/passwd': '/etc/passwd' }, 'passwd leads out of it'],
  [{ 'site/v2/deep': '../../.hidden' }, 'v2/deep leads out of it'],
  [{ 'site/draft.html': '.draft.html' }, 'draft.html leads to a hidden file in it'],
  [{ 'site/self': '.' }, 'self leads to a folder that it lies in'],
  [{ 'site/v2/up': '..' }, 'v2/up leads to a folder that it lies in'],
  [{ 'site/gone': 'nowhere' }, 'gone has no target'],
  // One link that stays inside makes another leave.
  [{ 'site/inner': 'v2', 'site/hop': 'inner/../../server.js' }, 'hop leads out of it'],
])('refuses links that would publish more: %j', async (links, why) => {
  await expect(listPublicFiles(join(await withLinks(links), 'site'))).rejects.toMatchObject({
    code: 'TRI-RELEASE-005',
    facts: { why },
  })
})
