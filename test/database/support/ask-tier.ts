import { namespaceOf } from '../../../src/lab/addresses.ts'
import { runProgram } from '../../lab/support/run-program.ts'
import { databasesOf, type Tier } from './tier.ts'

/** The part of what Patroni says of its own server that matters here. */
interface Own {
  readonly role?: string
  readonly state?: string
  readonly replication?: readonly { readonly state?: string; readonly sync_state?: string }[]
}

/**
 * What `trimaran status` asks, for tests that wait for it a hundred times: from within each server's network, without
 * a login.
 */
const ask = async (tier: Tier, server: string, url: string): Promise<string> =>
  (
    await runProgram('nsenter', [
      `--net=/run/netns/${namespaceOf(tier.subnet, server)}`,
      'curl',
      '-s',
      '--max-time',
      '2',
      url,
    ]).ended
  ).stdout

async function askPatroni(tier: Tier, server: string): Promise<Own> {
  try {
    return JSON.parse(await ask(tier, server, `http://${tier.addressOf(server)}:8008/patroni`)) as Own
  } catch {
    return {}
  }
}

/** Whoever says of itself that it is the primary. */
export async function primariesOf(tier: Tier): Promise<readonly string[]> {
  const databases = databasesOf(tier)
  const own = await Promise.all(databases.map((server) => askPatroni(tier, server)))
  return databases.filter((_, index) => own[index]!.role === 'primary')
}

/** One primary, every other server receives from it and confirms its writes, and every etcd member can say what was decided last. */
export async function isWholeAgain(tier: Tier): Promise<boolean> {
  const databases = databasesOf(tier)
  const own = await Promise.all(databases.map((server) => askPatroni(tier, server)))
  const [primary, ...more] = own.filter(({ role }) => role === 'primary')
  const confirming = (primary?.replication ?? []).filter(
    (one) => one.state === 'streaming' && one.sync_state === 'quorum',
  )
  if (more.length > 0 || confirming.length !== databases.length - 1) return false
  const answers = await Promise.all(databases.map((server) => ask(tier, server, 'http://127.0.0.1:2381/health')))
  return answers.every((text) => text.includes('"health":"true"'))
}
