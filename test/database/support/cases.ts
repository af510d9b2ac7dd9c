import { setTimeout as sleep } from 'node:timers/promises'
import { cut, cutPower, fillDisk, freeze, kill, peersOf, stopProcess } from './faults.ts'
import { type Case, isWhole } from './run-case.ts'
import { databasesOf, type Tier } from './tier.ts'
import { until } from './writer.ts'

const etcdPorts = [2379, 2380]
const replicaPorts = [5432, 8008]

/** Every way in which the tier is broken on purpose, in the order of the promises that it keeps. */
export const cases: readonly Case[] = [
  {
    name: 'PostgreSQL killed on the primary',
    fault: (tier, leader) => kill(tier, leader, 'postgres'),
    holdSeconds: 15,
  },
  { name: 'Patroni killed on the primary', fault: (tier, leader) => kill(tier, leader, 'patroni'), holdSeconds: 15 },
  {
    name: 'Patroni frozen on the primary',
    fault: (tier, leader) => stopProcess(tier, [leader], 'patroni'),
    holdSeconds: 40,
  },
  { name: 'etcd killed on the primary', fault: (tier, leader) => kill(tier, leader, 'etcd'), holdSeconds: 15 },
  { name: 'the primary loses power', fault: (tier, leader) => cutPower(tier, [leader]), holdSeconds: 40 },
  {
    name: 'a replica loses power',
    fault: (tier, leader) => cutPower(tier, peersOf(tier, leader).slice(0, 1)),
    holdSeconds: 30,
  },
  {
    name: 'two etcd members lose power',
    fault: (tier, leader) => cutPower(tier, peersOf(tier, leader).slice(0, 2)),
    holdSeconds: 30,
  },
  { name: 'the balancer loses power', fault: (tier) => cutPower(tier, ['lb-1']), holdSeconds: 15, mostSeconds: 1 },
  { name: 'the primary is frozen for 10 s', fault: freeze, holdSeconds: 10 },
  { name: 'the primary is frozen for 40 s', fault: freeze, holdSeconds: 40 },
  {
    name: 'the primary cut off from etcd',
    fault: (tier, leader) => cut(tier, leader, { from: peersOf(tier, leader), ports: etcdPorts, direction: 'both' }),
    holdSeconds: 60,
  },
  {
    name: 'the primary cut off from one other database server',
    fault: (tier, leader) => cut(tier, leader, { from: peersOf(tier, leader).slice(0, 1), direction: 'both' }),
    holdSeconds: 60,
  },
  {
    name: 'the primary cut off from the replicas',
    fault: (tier, leader) => cut(tier, leader, { from: peersOf(tier, leader), ports: replicaPorts, direction: 'both' }),
    holdSeconds: 60,
  },
  {
    name: 'the primary cut off from the app servers',
    fault: (tier, leader) => cut(tier, leader, { from: ['app-1'], direction: 'both' }),
    holdSeconds: 60,
  },
  {
    name: 'the primary heard by no other database server',
    fault: (tier, leader) => cut(tier, leader, { from: peersOf(tier, leader), direction: 'out' }),
    holdSeconds: 60,
  },
  {
    name: 'the primary hears no other database server',
    fault: (tier, leader) => cut(tier, leader, { from: peersOf(tier, leader), direction: 'in' }),
    holdSeconds: 60,
  },
  {
    name: 'the primary cut off from all database servers',
    fault: (tier, leader) => cut(tier, leader, { from: peersOf(tier, leader), direction: 'both' }),
    holdSeconds: 60,
  },
  {
    name: 'all etcd members frozen',
    fault: (tier) => stopProcess(tier, databasesOf(tier), 'etcd'),
    holdSeconds: 30,
    mostSeconds: 5,
  },
  {
    name: 'a switchover every 20 s, five minutes long',
    fault: (tier) => ({ strike: () => switchOften(tier, 15) }),
    holdSeconds: 5,
  },
]

/** These need servers whose disk is small enough to be filled. */
export const diskCases: readonly Case[] = [
  { name: 'disk full on the primary', fault: fillDisk, holdSeconds: 40 },
  {
    name: 'disk full on a replica',
    fault: (tier, leader) => fillDisk(tier, peersOf(tier, leader)[0]!),
    holdSeconds: 40,
  },
]

/** The same tier with a pool between the app and its sidecar: what is planned fails no query. */
export const poolCases: readonly Case[] = [
  {
    name: 'pooled: a switchover every 20 s, five minutes long',
    fault: (tier) => ({ strike: () => moveOften(tier, 15) }),
    holdSeconds: 5,
    failsNoQuery: true,
  },
  {
    name: 'pooled: an operator vanishes in the middle of a switchover',
    fault: (tier) => ({ strike: () => tier.on('app-1', '/usr/local/lib/trimaran/pause/database pause') }),
    holdSeconds: 30,
    mostSeconds: 25,
    failsNoQuery: true,
  },
  {
    name: 'pooled: PgBouncer killed on the app server',
    fault: (tier) => kill(tier, 'app-1', 'pgbouncer'),
    holdSeconds: 10,
  },
  {
    name: 'pooled: PostgreSQL killed on the primary',
    fault: (tier, leader) => kill(tier, leader, 'postgres'),
    holdSeconds: 15,
  },
  { name: 'pooled: the primary loses power', fault: (tier, leader) => cutPower(tier, [leader]), holdSeconds: 40 },
]

/** With the verb that an operator uses: it pauses the pools. */
async function moveOften(tier: Tier, times: number): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    const began = performance.now()
    await until(() => isWhole(tier), 120, 'the tier is not whole')
    const { code, stderr } = await tier.project.trimaran('switchover', '--lab', '--yes')
    if (code !== 0) throw new Error(stderr)
    await sleep(Math.max(0, 20_000 - (performance.now() - began)))
  }
}

async function switchOften(tier: Tier, times: number): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    const began = performance.now()
    await Promise.all(
      databasesOf(tier).map((server) =>
        tier.on(
          server,
          'curl -fs -o /dev/null "http://$(hostname -I | cut -d" " -f1):8008/primary" && /usr/local/lib/trimaran/hand-over/patroni.service',
        ),
      ),
    )
    await sleep(Math.max(0, 20_000 - (performance.now() - began)))
  }
}
