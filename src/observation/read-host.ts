import { z } from 'zod'
import { stackNamePattern } from '../config/values/stack-name.ts'
import * as said from '../resources/said.ts'
import type { Doubt } from './doubts.ts'
import type { HeldPort, HostFacts } from '../stack/host-facts.ts'
import type { LockMark } from './lock-mark.ts'
import { parseJson } from './parse-json.ts'
import type { Unfinished } from './observation.ts'

const kilobytes = number(said.bytes.min(1))

/** Rows that every server must print exactly once: their names and columns. */
const needed = {
  os: z.tuple([z.string().regex(/^[a-z0-9._-]{1,40}$/), z.string().regex(/^[\w.+~-]{0,40}$/), said.text(100)]),
  architecture: z.tuple([z.string().regex(/^[a-z0-9_-]{1,20}$/)]),
  cores: z.tuple([number(z.int().min(1).max(4096))]),
  clock: z.tuple([number(said.moment)]),
  memory: z.tuple([kilobytes]),
  disk: z.tuple([number(said.bytes)]),
  // One of the words of systemd-detect-virt(1); any other word makes the row invalid.
  container: z.tuple([z.string().transform(containerWord)]),
}

/** Rows that may occur any number of times; invalid ones are left out. */
const repeated = {
  address: z.tuple([
    said.networkInterface,
    z
      .string()
      .transform(splitNetwork)
      .pipe(z.tuple([said.address, prefixLength()])),
  ]),
  port: z.tuple([
    z.string().regex(/^[\w.:%*[\]-]{1,80}:\d{1,5}$/),
    said.text(40),
    z.union([z.literal(''), said.unitName]),
  ]),
  ssh: z.tuple([portNumber()]),
  cluster: z.tuple([said.path, z.union([z.literal(''), z.string().regex(/^[\w-]{1,60}$/)])]),
  neighbour: z.tuple([said.address, z.string().regex(/^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/)]),
}

const mostRows = 2000

/**
 * Reads the facts of a server. Blueprints are rendered with some of them, so where one of those is impossible, the
 * whole answer is rejected. @returns the reason then.
 */
export function readHost(answer: string, address: string, doubt: Doubt): HostFacts | { readonly refused: string } {
  const rows = answer
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t'))
  if (rows.length > mostRows) return { refused: 'its answer about itself is too long' }
  const { refused, one } = readNeeded(rows)
  if (refused !== undefined) return { refused }
  const all = readRepeated(rows, doubt)
  const addresses = all.address.map(([held, [ip, prefixLength]]) => ({ interface: held, address: ip, prefixLength }))
  const ports = all.port.map(([local, process, unit]) => readPort(local, process, unit))
  const [id, version, name] = one.os
  return {
    os: { id, version, ...(name !== '' && { name }) },
    architecture: one.architecture[0],
    container: one.container[0],
    cores: one.cores[0],
    memoryBytes: one.memory[0] * 1024,
    networkInterface: addresses.find((entry) => entry.address === address)?.interface ?? 'eth0',
    sshPorts: sshPortsOf(ports, all.ssh.flat()),
    clockSeconds: one.clock[0],
    diskFreeBytes: one.disk[0] * 1024,
    ports,
    clusters: all.cluster.map(([folder, name]) => ({ folder, ...(name !== '' && { name }) })),
    addresses,
    neighbours: all.neighbour.map(([at, hardwareAddress]) => ({ address: at, hardwareAddress })),
  }
}

type Needed = { readonly [Name in keyof typeof needed]: z.infer<(typeof needed)[Name]> }
type Repeated = { readonly [Name in keyof typeof repeated]: readonly z.infer<(typeof repeated)[Name]>[] }
type Rows = readonly (readonly string[])[]

function readNeeded(rows: Rows): { readonly refused?: string; readonly one: Needed } {
  const one: Record<string, unknown> = {}
  for (const [name, schema] of Object.entries(needed)) {
    const found = rows.filter(([key]) => key === name)
    const read = schema.safeParse(found[0]?.slice(1))
    if (found.length !== 1 || !read.success) {
      const words = JSON.stringify(found.map((row) => row.slice(1).join(' ')).join('; ')).slice(0, 100)
      return { refused: `its answer for ${name} is impossible: ${words}`, one: one as Needed }
    }
    one[name] = read.data
  }
  return { one: one as Needed }
}

function readRepeated(rows: Rows, doubt: Doubt): Repeated {
  const all: Record<keyof Repeated, unknown[]> = { address: [], port: [], ssh: [], cluster: [], neighbour: [] }
  for (const [name = '', ...values] of rows) {
    if (Object.hasOwn(needed, name)) continue
    const read = Object.hasOwn(repeated, name) ? repeated[name as keyof Repeated].safeParse(values) : undefined
    if (read?.success === true) all[name as keyof Repeated].push(read.data)
    else doubt(read === undefined ? 'itself' : `its ${name}`, values.join(' ') || name)
  }
  return all as unknown as Repeated
}

function readPort(local: string, process: string, unit: string): HeldPort {
  const colon = local.lastIndexOf(':')
  return {
    port: Number(local.slice(colon + 1)),
    address: local.slice(0, colon),
    process,
    ...(unit !== '' && { unit }),
  }
}

/**
 * Any program can call itself sshd, and what somebody starts in an SSH session may stay in sshd's unit: only both together tell. A port of
 * the first is opened to operators, so what is none must not be taken for one.
 */
function sshPortsOf(ports: readonly HeldPort[], stated: readonly number[]): readonly number[] {
  const held = ports
    .filter(({ process, unit }) => process === 'sshd' && (unit === 'ssh.service' || unit === 'sshd.service'))
    .map(({ port }) => port)
  return [...new Set([...held, ...stated])].toSorted((a, b) => a - b)
}

function portNumber() {
  return z
    .string()
    .regex(/^\d{1,5}$/)
    .transform(Number)
    .pipe(z.int().min(1).max(65_535))
}

/** Digits, with or without a fraction. Other texts that JavaScript reads as numbers, such as `0x1`, `1e9` or nothing, are invalid. */
function number<T extends z.ZodType<number, number>>(schema: T) {
  return z
    .string()
    .regex(/^\d{1,19}(?:\.\d{1,9})?$/)
    .transform(Number)
    .pipe(schema)
}

function prefixLength() {
  return z
    .string()
    .regex(/^\d{1,2}$/)
    .transform(Number)
    .pipe(z.int().max(32))
}

function containerWord(word: string): string {
  return /^[a-z][a-z0-9-]{1,30}$/.test(word) ? word : 'unknown'
}

function splitNetwork(cidr: string): string[] {
  return cidr.split('/')
}

/** Reads which stack a server belongs to: the stack's name, and the fingerprint of the key that it was set up with. */
export function readMarker(
  answer: string,
  doubt: Doubt,
): { readonly stack?: string; readonly keyFingerprint?: string } {
  if (answer.trim() === '') return {}
  const [, stack, keyFingerprint] = /^(\S+)(?:\s+([\w-]{1,64}))?\s*$/.exec(answer) ?? []
  if (stack !== undefined && stackNamePattern.test(stack))
    return { stack, ...(keyFingerprint !== undefined && { keyFingerprint }) }
  doubt('the stack that it belongs to', answer)
  return {}
}

/** Undefined where somebody holds the lock. */
export function readLockMark(answer: string, doubt: Doubt): { readonly lockMark?: LockMark } {
  const mark = answer.trim()
  if (mark === '') return {}
  if (/^[0-9a-f-]{36} (?:\d{1,12}\.\d{1,9}|never)$/.test(mark)) return { lockMark: mark }
  doubt('its lock', mark)
  return {}
}

const line = z.string().regex(/^[^\p{Cc}\p{Cf}]{1,200}$/u)

const unfinished: z.ZodType<Unfinished> = z.strictObject({
  at: z.iso.datetime(),
  operator: line,
  command: line,
  run: z.string().regex(/^[0-9a-f-]{1,36}$/),
})

/** Reads the change that began there and is not finished. */
export function readUnfinished(answer: string, doubt: Doubt): { readonly unfinished?: Unfinished } {
  if (answer.trim() === '') return {}
  const read = unfinished.safeParse(parseJson(answer))
  if (read.success) return { unfinished: read.data }
  doubt('what was not finished there', answer)
  return {}
}
