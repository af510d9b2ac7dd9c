import type { Folder } from './folder.ts'
import { createFolder } from './folder.ts'
import { filesOfManagers, nodeProject, type NodeProject } from './node-project.ts'
import { shellWord } from './shell-word.ts'
import type { AppFound, Found, Draft } from './draft.ts'

/** An app in a package of a workspace. */
export interface Member {
  /** Its folder, seen from the top. */
  readonly path: string
  readonly found: Found
}

/** The folders of a workspace of pnpm, npm, Yarn or Bun; none where the folder is no workspace. */
export function memberFolders(folder: Folder): readonly string[] {
  const project = nodeProject(folder)
  const listed = /^packages:\s*\n((?:\s*(?:#.*|-.*)\n?)+)/m.exec(folder.text('pnpm-workspace.yaml'))?.[1] ?? ''
  const globs = [
    ...[...listed.matchAll(/-\s*['"]?([^'"\n#]+)/g)].map(([, glob]) => glob!.trim()),
    ...(project?.workspaces ?? []),
  ]
  const patterns = globs.filter((glob) => !glob.startsWith('!')).map(toPattern)
  return folder
    .find(/^.+\/package\.json$/)
    .map((path) => path.slice(0, -'/package.json'.length))
    .filter((path) => patterns.some((pattern) => pattern.test(path)))
}

const toPattern = (glob: string): RegExp =>
  new RegExp(
    `^${glob
      .replace(/^\.\//, '')
      .replace(/\/$/, '')
      .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
      .replaceAll('**', '\0')
      .replaceAll('*', '[^/]+')
      .replaceAll('\0', '.+')}$`,
  )

/** A member as its ecosystem sees it: with the lock file of the whole, which says what installs packages. */
export function memberFolder(folder: Folder, path: string): Folder {
  const own = folder.below(path)
  const shared = [...filesOfManagers, '.nvmrc', '.node-version'].filter((name) => folder.has(name))
  const texts = new Map([...own.texts, ...shared.map((name) => [name, folder.text(name)] as const)])
  const paths = own.find(/./)
  return createFolder(own.name, paths, texts)
}

/** The same draft, seen from the top: packages are installed there, and the app's commands run in its own folder. */
export function fromTop(folder: Folder, { path, found }: { readonly path: string; readonly found: Draft }): Draft {
  const project = nodeProject(memberFolder(folder, path))
  const top = nodeProject(folder)
  const at = (inner: string): string => `${path}/${inner}`
  const moved = {
    ...found,
    evidence: `${found.evidence}, in ${path}/`,
    ...(found.root !== undefined && { root: at(found.root) }),
  }
  const build = buildFromTop(folder, path, ('app' in found ? found.app : found.site).build, project, top)
  if (!('app' in found)) return { ...moved, site: { ...found.site, ...(build && { build }) } }
  const { app } = found
  const isStandalone = app.start.includes('.next/standalone/')
  const inner = (text: string): string =>
    isStandalone ? text.replace('.next/standalone/', `.next/standalone/${path}/`) : text
  return {
    ...moved,
    app: {
      ...app,
      ...(build && { build: inner(build) }),
      start: inPackage(path, inner(app.start), folder),
      ...(app.release && { release: inPackage(path, app.release, folder) }),
      ...(app.writable && { writable: app.writable.map((one) => at(inner(one))) }),
    },
  } satisfies AppFound
}

/** pnpm keeps the programs of a package's dependencies in the package's own folder. */
function inPackage(path: string, command: string, folder: Folder): string {
  const program = command.split(' ')[0]!
  const isOwn = folder.has('pnpm-lock.yaml') && !/^(?:node|npm)$|\//.test(program)
  return `cd ${shellWord(path)} && exec ${isOwn ? 'node_modules/.bin/' : ''}${command}`
}

/** Packages that the app needs are built before it, by whatever knows their order. */
function buildFromTop(
  folder: Folder,
  path: string,
  build: string | undefined,
  project?: NodeProject,
  top?: NodeProject,
): string | undefined {
  if (build === undefined || project === undefined) return build
  const { install, run } = project.manager
  const own = `${run} build`
  const rest = build
    .split(' && ')
    .filter((command) => command !== install && command !== own && command !== 'rm -rf node_modules')
  const name = project.name ?? path
  const isRun = build.split(' && ').includes(own)
  const builder = folder.has('turbo.json')
    ? `npx turbo run build --filter=${name}`
    : run.startsWith('pnpm')
      ? `pnpm --filter ${name}... run build`
      : run.startsWith('yarn')
        ? `yarn workspace ${name} run build`
        : run.startsWith('bun')
          ? `bun run --filter ${name} build`
          : `npm run build --workspace ${shellWord(path)}`
  const isInstalled = (top?.manager.lock ?? project.manager.lock) !== undefined
  return [
    isInstalled ? install : 'npm install',
    ...(isRun ? [builder] : []),
    ...(rest.length > 0 ? [`cd ${shellWord(path)}`, ...rest] : []),
  ].join(' && ')
}
