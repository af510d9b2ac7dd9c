import { identityOf, kindOf } from '../resources/kinds.ts'
import type { Resource } from '../resources/resource.ts'
import { runFolder, scriptFolder, stateFolder } from '../resources/state-folder.ts'

/**
 * Where things are placed: folders of Debian's or Trimaran's that are root's from the top down. Each has a reason to be one
 * in which no daemon writes, as `/var/lib/postgresql` or `/etc/postgresql` are.
 */
const grounds: readonly string[] = ['/etc', '/opt/trimaran', '/srv', scriptFolder, stateFolder, runFolder]
const holes: readonly string[] = ['/etc/postgresql']

/**
 * Why a resource must not be placed where it says; `undefined` where it may be. What stands above it must be root's: the user
 * of a service that may write there would lead root's changes wherever it likes. On the server the same is looked at once
 * more, before each step (`resources/firm-ground.ts`).
 */
export function looseGround(resource: Resource, all: readonly Resource[]): string | undefined {
  if (!('path' in resource)) return undefined
  const { path } = resource
  const isBelow = (folder: string): boolean => path.startsWith(`${folder}/`)
  if (!/^(\/[^/\0\n]+)+$/.test(path) || path.split('/').some((part) => part === '.' || part === '..'))
    return 'its path is not a plain one'
  if (!grounds.some(isBelow) || holes.some(isBelow)) return `nothing is placed there, but below ${grounds.join(', ')}`
  const above = all.find((one) => 'path' in one && isBelow(one.path) && !isFirm(one))
  return above === undefined ? undefined : `${identityOf(above)} is above it, and no folder of root's alone`
}

const isFirm = (resource: Resource): boolean => kindOf(resource.kind).isFirm?.(resource) === true
