import { z } from 'zod'
import type { Component, Explanation } from '../../components/component.ts'
import type { ComponentName } from '../../components/component.ts'
import { sh } from '../../shell/sh.ts'
import { type Link, peersOf, type Server, type Stack, type TierName } from '../../stack/stack.ts'

/** Small stand-ins with the real names, tiers and links, so that this folder is tested apart from every real component. */
export const standIns: readonly Component[] = [
  placeholder('system', ['balancer', 'web', 'app', 'database'], [], () => ({
    what: 'The settings of Debian itself.',
    why: 'A server that fills its disk with logs is a server that fails.',
    brings: { 'ease of maintenance': 'Every server is the same below its components.' },
    whenItDies: 'There is nothing here that runs.',
  })),
  placeholder(
    'haproxy',
    ['balancer', 'web', 'app'],
    [{ from: 'visitors', to: 'balancer', component: 'haproxy', protocol: 'tcp', ports: [80], why: 'visitors come in' }],
    (server, stack) => ({
      what: server.tier === 'balancer' ? 'HAProxy, the load balancer.' : 'HAProxy, as the sidecar.',
      why: 'It asks each server behind it twice a second how it is, and uses the healthy ones.',
      brings: {
        scalability: 'A server more behind it is one line more.',
        redundancy: 'A server that dies behind it is no longer used before visitors notice.',
      },
      whenItDies:
        server.tier === 'balancer' && peersOf(stack, server).length > 0
          ? `The address moves to ${peersOf(stack, server)[0]!.name}.`
          : 'Every request through this server fails until systemd has started it again, one second later.',
    }),
  ),
  placeholder(
    'keepalived',
    ['balancer'],
    [
      {
        from: 'balancer',
        to: 'balancer',
        component: 'keepalived',
        protocol: 'vrrp',
        ports: [],
        why: 'who holds the address',
      },
    ],
    () => ({
      what: 'keepalived, which decides by VRRP who holds the virtual address.',
      why: 'An address that can move makes two balancers look like one that never fails.',
      brings: { redundancy: 'The other balancer takes the address over in a third of a second.' },
      whenItDies: 'The address moves to the other balancer.',
    }),
  ),
  placeholder(
    'nginx',
    ['web'],
    [
      {
        from: 'balancer',
        to: 'web',
        component: 'nginx',
        protocol: 'tcp',
        ports: [80],
        why: 'requests, spread over the healthy web servers',
        service: { name: 'web', port: 80, mode: 'http', check: { method: 'GET', path: '/_trimaran/alive' } },
      },
    ],
    () => ({
      what: 'nginx, the web server.',
      why: 'Serves the static files and takes in slow visitors.',
      brings: { performance: 'Static files never touch the app.', isolation: 'Visitors never speak to the app.' },
      whenItDies: 'This server is no longer used within a second.',
    }),
  ),
  placeholder(
    'app',
    ['app'],
    [
      {
        from: 'web',
        to: 'app',
        component: 'app',
        protocol: 'tcp',
        ports: [3000, 3100],
        why: 'what only the app can answer',
        service: { name: 'app', port: 3000, mode: 'http', check: { method: 'GET', path: '/up' } },
      },
      {
        from: 'web',
        to: 'app',
        component: 'haproxy',
        protocol: 'tcp',
        ports: [3500, 3600],
        why: 'which slot serves',
      },
    ],
    () => ({
      what: 'Your application.',
      why: 'It is what all the rest is there for.',
      brings: { 'ease of maintenance': 'A new release starts beside the old one.' },
      whenItDies: 'systemd starts it again; until then no request comes here.',
    }),
  ),
  placeholder(
    'patroni',
    ['database'],
    [
      {
        from: 'app',
        to: 'database',
        component: 'patroni',
        protocol: 'tcp',
        ports: [5432],
        why: 'the app reads and writes on the primary',
        service: {
          name: 'database',
          port: 5432,
          mode: 'primary',
          check: { method: 'OPTIONS', path: '/primary', port: 8008 },
        },
      },
      {
        from: 'app',
        to: 'database',
        component: 'patroni',
        protocol: 'tcp',
        ports: [8008],
        why: 'which one is the primary',
      },
      { from: 'database', to: 'database', component: 'patroni', protocol: 'tcp', ports: [5432], why: 'replication' },
      {
        from: 'database',
        to: 'database',
        component: 'patroni',
        protocol: 'tcp',
        ports: [8008],
        why: 'who has which data',
      },
    ],
    (server, stack) => ({
      what: 'PostgreSQL, run by Patroni.',
      why: 'Keeps the data.',
      brings: peersOf(stack, server).length === 0 ? {} : { redundancy: 'Every acknowledged write is on two servers.' },
      whenItDies: 'Patroni starts it again, or promotes a replica if there is one.',
    }),
  ),
  placeholder(
    'etcd',
    ['database'],
    [
      {
        from: 'database',
        to: 'database',
        component: 'etcd',
        protocol: 'tcp',
        ports: [2379],
        why: 'Patroni asks who leads',
      },
      {
        from: 'database',
        to: 'database',
        component: 'etcd',
        protocol: 'tcp',
        ports: [2380],
        why: 'etcd members agree',
      },
    ],
    () => ({
      what: 'etcd, with one member on this server.',
      why: 'A majority of etcd members decides which database server is the primary.',
      brings: { redundancy: 'There are never two primaries.' },
      whenItDies: 'Nobody notices while the other members are a majority.',
    }),
  ),
]

function placeholder(
  name: ComponentName,
  tiers: readonly TierName[],
  links: readonly Link[],
  explain: (server: Server, stack: Stack) => Explanation,
): Component {
  return {
    name,
    ...(name === 'haproxy' && { roles: { routes: { watch: () => sh``, read: () => undefined } } }),
    belongsOn: (server) => tiers.includes(server.tier),
    links: () => links,
    packages: [],
    listens: (server) =>
      links
        .filter(({ to, component }) => to === server.tier && component === name)
        .flatMap(({ ports }) => ports.map((port) => ({ port, unit: `${name}.service`, reach: 'network' }))),
    render: () => [],
    health: { ask: () => sh`true`, read: () => ({ state: 'well' }), details: z.strictObject({}) },
    explain,
  }
}
