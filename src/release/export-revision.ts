import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { failure } from '../errors/failure.ts'
import { type BytePath, readable } from './byte-path.ts'
import { askGit, git } from './git.ts'
import { refuseLfsPointers } from './lfs-pointers.ts'
import { shortNameOf } from './name-release.ts'

/** One repository, and what of it is wanted. */
interface Commit {
  readonly gitFolder: string
  /** Where it is checked out, if it is: repositories of submodules may lie there. */
  readonly workTree: string
  readonly commit: string
  /** Only what lies in this folder; all of it where it is empty. */
  readonly prefix: BytePath
  /** For messages: `revision v1.2`. */
  readonly name: string
}

interface Exporting {
  readonly source: string
  readonly revision: string
  /** A folder for what is needed on the way. */
  readonly work: string
  /** The section of the config that names the source. */
  readonly section?: 'app' | 'web'
}

/**
 * Writes the source of a git revision, as `git checkout` would. `git archive` would leave out submodules and `export-ignore`
 * files; this includes them. The work tree and the index of the repository do not change.
 * @throws TRI-RELEASE-006, -007
 */
export async function exportRevision(
  { source, revision, work, section = 'app' }: Exporting,
  destination: string,
): Promise<void> {
  await shortNameOf(revision, source)
  const [gitFolder, workTree, prefix] = await Promise.all([
    answer(source, ['--absolute-git-dir']),
    answer(source, ['--show-toplevel']),
    answer(source, ['--show-prefix']),
  ])
  const commit = await answer(source, ['--verify', '--end-of-options', `${revision}^{commit}`])
  const folder = await mkdtemp(join(work, 'revision-'))
  const name = `revision ${revision}`
  await checkOut({ gitFolder: readable(gitFolder), workTree: readable(workTree), commit, prefix, name }, folder, work)
  const exported = join(folder, readable(prefix))
  if ((await readdir(exported).catch(() => [])).length === 0)
    throw failure('TRI-RELEASE-006', {
      what: `Revision ${revision} has nothing in ${readable(prefix) || 'it'}`,
      where: `${section}.source`,
      state: 'nothing was shipped',
      next: `name a revision that has the folder of ${section}.source`,
    })
  await rename(exported, destination)
}

const answer = async (cwd: string, words: readonly string[]): Promise<string> =>
  (await git(['rev-parse', ...words], { cwd })).replace(/\n$/, '')

async function checkOut(wanted: Commit, into: string, work: string): Promise<void> {
  const { gitFolder, commit, prefix } = wanted
  await mkdir(into, { recursive: true })
  const scratch = await mkdtemp(join(work, 'index-'))
  const env = { GIT_INDEX_FILE: join(scratch, 'index'), GIT_DIR: gitFolder, GIT_WORK_TREE: into }
  const at = { cwd: into, env }
  await git(['read-tree', commit], at)
  const listed = await git(['ls-files', '-z', '--stage', '--', `:(top,literal)${readable(prefix)}`], at)
  const records = listed.split('\0').filter((one) => one !== '')
  const pathOf = (record: string): BytePath => record.slice(record.indexOf('\t') + 1)
  const modules = records.filter((record) => record.startsWith('160000 '))
  const files = records.filter((record) => !record.startsWith('160000 ')).map(pathOf)
  await git(['checkout-index', '-z', '--stdin'], { ...at, input: files.map((path) => `${path}\0`).join('') })
  await refuseLfsPointers(into, env)
  for (const record of modules) {
    const path = readable(pathOf(record))
    const module = await findModule(wanted, path, record.split(' ')[1]!)
    await checkOut(module, join(into, path), work)
  }
  await rm(scratch, { recursive: true })
}

/** The repository of a submodule, wherever git keeps it, that has the commit which the revision names. */
async function findModule(of: Commit, path: string, commit: string): Promise<Commit> {
  const name = await nameOfModule(of, path)
  const common = (await git(['rev-parse', '--path-format=absolute', '--git-common-dir'], inFolder(of))).trim()
  const workTree = join(of.workTree, path)
  const inWorkTree = await askGit(['rev-parse', '--absolute-git-dir', '--show-prefix'], { cwd: workTree })
  const [folder = '', prefix] = inWorkTree.stdout.split('\n')
  // With a prefix, the outer repository answered: the submodule has no repository here.
  const own = inWorkTree.code === 0 && prefix === '' ? [readable(folder)] : []
  for (const gitFolder of [join(of.gitFolder, 'modules', name), join(common, 'modules', name), ...own]) {
    const found = await askGit(['cat-file', '-e', `${commit}^{commit}`], { cwd: '/', env: { GIT_DIR: gitFolder } })
    if (found.code === 0) return { gitFolder, workTree, commit, prefix: '', name: `submodule ${path}` }
  }
  throw failure('TRI-RELEASE-006', {
    what: `The submodule ${path} of ${of.name} is not here`,
    why: `it is at ${commit.slice(0, 7)} there, and no repository on this computer has that commit`,
    state: 'nothing was shipped: the release would lack its files',
    next: `\`git submodule update --init --recursive\`, or \`git fetch --recurse-submodules\``,
  })
}

const inFolder = ({ gitFolder }: Commit) => ({ cwd: gitFolder, env: { GIT_DIR: gitFolder } })

/** Git stores a submodule by its name: its first path, unless somebody chose another name. */
async function nameOfModule(of: Commit, path: string): Promise<string> {
  const words = [
    'config',
    '-z',
    '--blob',
    `${of.commit}:.gitmodules`,
    '--get-regexp',
    String.raw`^submodule\..*\.path$`,
  ]
  const { stdout } = await askGit(words, inFolder(of))
  const named = stdout.split('\0').flatMap((one) => {
    const [key = '', value] = readable(one).split('\n')
    return value === path ? [key.slice('submodule.'.length, -'.path'.length)] : []
  })
  const [name = path] = named
  return name.split('/').includes('..') ? path : name
}
