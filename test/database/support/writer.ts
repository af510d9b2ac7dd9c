import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Gap } from './distribution.ts'
import type { Tier } from './tier.ts'

/** What four connections of an app saw, and what the database has of it afterwards. */
export interface Ledger {
  readonly acknowledged: number
  /** Numbers of rows that were acknowledged and are not there: must be none. */
  readonly lost: readonly number[]
  /** The longest times without any acknowledged write, the longest first. */
  readonly longest: readonly { readonly from: number; readonly milliseconds: number }[]
  /** All that were 200 ms or longer, in their order. */
  readonly gaps: readonly Gap[]
  readonly errors: Readonly<Record<string, number>>
}

const folder = '/tmp/ledger'
const connections = 4

/** Starts to write on app-1, through the app's own `DATABASE_URL`. The function that is returned ends it and counts. */
export async function startWriter(tier: Tier): Promise<() => Promise<Ledger>> {
  const program = await readFile(new URL('writer.js', import.meta.url), 'base64')
  await tier.on(
    'app-1',
    `rm -rf ${folder}; mkdir -p ${folder}; cd ${folder}; base64 -d >writer.mjs <<<'${program}'
    set -a; . /etc/trimaran/app.env
    set -- /opt/trimaran/node-24.*/bin/node
    setsid "$1" writer.mjs ${folder} ${connections} >log 2>&1 </dev/null &`,
  )
  await until(
    async () => (await tier.on('app-1', `test -e ${folder}/started`)).code === 0,
    30,
    'the writer did not begin',
  )
  return async () => {
    await tier.on('app-1', `touch ${folder}/stop`)
    await until(
      async () => (await tier.on('app-1', `test -e ${folder}/result.json`)).code === 0,
      180,
      'the writer did not end',
    )
    return JSON.parse((await tier.on('app-1', `cat ${folder}/result.json`)).stdout) as Ledger
  }
}

export async function until(holds: () => Promise<boolean>, seconds: number, otherwise: string): Promise<number> {
  const began = performance.now()
  while (performance.now() - began < seconds * 1000) {
    if (await holds()) return (performance.now() - began) / 1000
    await sleep(500)
  }
  throw new Error(`${otherwise} within ${seconds} s`)
}
