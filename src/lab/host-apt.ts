import { failure } from '../errors/failure.ts'
import { run } from './run.ts'

/** Where this computer gets Debian from, and through which proxies. */
export interface HostApt {
  readonly mirror: string
  readonly env: Readonly<Record<string, string>>
}

/**
 * Asks this computer's own apt. `TRIMARAN_MIRROR` overrides it, for computers that are not Debian's.
 * @throws TRI-LAB-002 when apt knows no Debian mirror
 */
export async function readHostApt(): Promise<HostApt> {
  const format = '$(ORIGIN)|$(LABEL)|$(COMPONENT)|$(REPO_URI)'
  const targets = await run('apt-get', ['indextargets', '--format', format, 'Identifier: Packages']).catch(() => '')
  const settings = await run('apt-config', ['dump']).catch(() => '')
  const mirror = process.env['TRIMARAN_MIRROR'] ?? findMirror(targets)
  if (mirror !== undefined) return { mirror, env: readProxies(settings) }
  throw failure('TRI-LAB-002', {
    what: "This computer's apt knows no Debian mirror",
    why: 'The image of the lab servers is made from the mirror that the computer itself uses',
    next: 'set TRIMARAN_MIRROR to the address of a Debian mirror',
  })
}

/** The first repository of Debian itself; its security updates are another one. */
export function findMirror(targets: string): string | undefined {
  const rows = targets.split('\n').map((line) => line.split('|'))
  const debian = rows.find(
    ([origin, label, component]) => origin === 'Debian' && label === 'Debian' && component === 'main',
  )
  return debian?.[3]?.replace(/\/$/, '')
}

/** apt's own proxies, as the environment variables that debootstrap understands. */
export function readProxies(settings: string): Readonly<Record<string, string>> {
  const pairs = [...settings.matchAll(/^Acquire::(https?)::Proxy "(.+)";$/gm)]
  return Object.fromEntries(
    pairs.filter(([, , url]) => url !== 'DIRECT').map(([, kind, url]) => [`${kind}_proxy`, url ?? '']),
  )
}
