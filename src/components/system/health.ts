import { sh, type Shell } from '../../shell/sh.ts'
import type { Server } from '../../stack/stack.ts'
import { tiers } from '../../stack/tiers.ts'
import type { ComponentHealth, State } from '../component.ts'
import type { SystemDetails } from './details.ts'
import { trimaran } from '../../speech/suggested-command.ts'

/** Rows `name<tab>value…`, each asked for on its own: an unknown value is missing, and nothing fails. */
export function askSystem({ tier }: Server): Shell {
  return sh`
    printf 'cores\t%s\n' "$(nproc)"
    read -r one rest </proc/loadavg; printf 'load\t%s\n' "$one"
    while read -r key value unit; do
      case $key in
        MemTotal:) printf 'memory\t%s\n' $((value * 1024)) ;;
        MemAvailable:) printf 'available\t%s\n' $((value * 1024)) ;;
      esac
    done </proc/meminfo
    # In a container the kernel shows the whole computer; the control group has this server's limits.
    limit=$(cat /sys/fs/cgroup/memory.max 2>/dev/null); used=$(cat /sys/fs/cgroup/memory.current 2>/dev/null)
    cache=$(sed -n 's/^inactive_file //p' /sys/fs/cgroup/memory.stat 2>/dev/null)
    case $limit in ''|max) ;; *) printf 'limit\t%s\t%s\n' "$limit" "$((limit - used + cache))" ;; esac
    for folder in / ${tiers[tier].dataFolder}; do
      df -Pk "$folder" 2>/dev/null | {
        read -r header; read -r device size used free percent rest
        printf 'disk\t%s\t%s\t%s\n' "$folder" "\${percent%\%}" "$free"
      }
    done
    printf 'booted\t%s\n' "$(systemctl show --timestamp=unix -p UserspaceTimestamp --value)"
    systemd-detect-virt --quiet --container && printf 'container\tyes\n'
    [ -e /run/reboot-required ] && printf 'reboot\tyes\n'
    systemctl list-units --state=failed --plain --no-legend --full | while read -r unit rest; do printf 'failed\t%s\n' "$unit"; done
    chronyc -n -c tracking 2>/dev/null | while IFS=, read -r id source stratum at offset rest; do
      printf 'clock\t%s\t%s\t%s\n' "$id" "$source" "$offset"
    done
    true
  `
}

interface Row {
  readonly name: string
  readonly values: readonly string[]
}

/** The state of the server itself; never `down`, since it answered. */
export function readSystem(answer: string, server: Server): ComponentHealth<SystemDetails> {
  const rows = answer
    .split('\n')
    .filter((line) => line.includes('\t'))
    .map((line): Row => ({ name: line.split('\t')[0]!, values: line.split('\t').slice(1) }))
  const figures = figuresOf(rows)
  if (figures.cores === undefined) return { state: 'unknown', note: 'the server said nothing about itself' }
  const worries = rules.flatMap((rule) => rule(figures, server.name) ?? [])
  const state: State = worries.some((worry) => worry.state === 'degraded') ? 'degraded' : 'well'
  const note = worries.map((worry) => worry.note).join('; ')
  const details = withoutUndefined({ ...figures, cores: figures.cores })
  return { state, ...(note !== '' && { note }), details }
}

const withoutUndefined = <T extends object>(figures: T): T =>
  Object.fromEntries(Object.entries(figures).filter(([, value]) => value !== undefined)) as T

type Figures = ReturnType<typeof figuresOf>

function figuresOf(rows: readonly Row[]) {
  const all = (name: string): readonly (readonly string[])[] =>
    rows.filter((row) => row.name === name).map(({ values }) => values)
  const number = (name: string, position = 0): number | undefined => toNumber(all(name)[0]?.[position])
  const disks = all('disk').map(([folder = '', used, freeKilobytes]) => ({
    folder,
    usedPercent: Number(used),
    freeBytes: Number(freeKilobytes) * 1024,
  }))
  const booted = toNumber(all('booted')[0]?.[0]?.replace('@', ''))
  const [, source, offset] = all('clock')[0] ?? []
  return {
    cores: number('cores'),
    load: number('load'),
    memoryBytes: number('limit') ?? number('memory'),
    memoryAvailableBytes: number('limit', 1) ?? number('available'),
    diskUsedPercent: disks.length === 0 ? undefined : Math.max(...disks.map(({ usedPercent }) => usedPercent)),
    disks,
    bootedAt: booted === undefined ? undefined : new Date(booted * 1000).toISOString(),
    clockSource: source === '' ? undefined : source,
    clockOffsetSeconds: source === '' ? undefined : toNumber(offset),
    isContainer: all('container').length > 0,
    needsReboot: all('reboot').length > 0,
    failedUnits: all('failed').map(([unit = '']) => unit),
  }
}

const toNumber = (text: string | undefined): number | undefined =>
  text === undefined || text.trim() === '' || Number.isNaN(Number(text)) ? undefined : Number(text)

interface Worry {
  readonly state: 'well' | 'degraded'
  readonly note: string
}

type Rule = (figures: Figures, server: string) => Worry | undefined

const mostDiskPercent = 90
const leastMemoryShare = 0.05
const mostOffsetSeconds = 0.5

/** What gives cause for worry, each with what to do about it. */
const rules: readonly Rule[] = [
  ({ disks }, server) => {
    const full = disks.find(({ usedPercent }) => usedPercent > mostDiskPercent)
    if (full === undefined) return undefined
    const { folder, usedPercent } = full
    return {
      state: 'degraded',
      note: `the disk under ${folder} is ${usedPercent} % full → ${trimaran(`exec ${server} -- du -xh --max-depth=2 ${folder}`)} shows what fills it`,
    }
  },
  ({ memoryBytes, memoryAvailableBytes }, server) => {
    if (memoryBytes === undefined || memoryAvailableBytes === undefined) return undefined
    if (memoryAvailableBytes > memoryBytes * leastMemoryShare) return undefined
    const left = Math.max(0, Math.round(memoryAvailableBytes / 1024 ** 2))
    return {
      state: 'degraded',
      note: `only ${left} MB of memory are left → ${trimaran(`exec ${server} -- ps aux --sort=-rss`)} shows what uses it`,
    }
  },
  ({ failedUnits: [unit, ...more] }, server) => {
    if (unit === undefined) return undefined
    const others = more.length === 0 ? '' : ` and ${more.length} more`
    return {
      state: 'degraded',
      note: `${unit}${others} failed → ${trimaran(`exec ${server} -- systemctl status ${unit}`)}`,
    }
  },
  ({ clockOffsetSeconds }, server) =>
    clockOffsetSeconds === undefined || Math.abs(clockOffsetSeconds) < mostOffsetSeconds
      ? undefined
      : {
          state: 'degraded',
          note: `its clock is ${Math.abs(clockOffsetSeconds).toFixed(1)} s off → ${trimaran(`exec ${server} -- chronyc sources`)}`,
        },
  ({ clockOffsetSeconds, isContainer }) =>
    clockOffsetSeconds !== undefined || isContainer
      ? undefined
      : {
          state: 'well',
          note: 'its clock has no source yet → if none can be reached, name one in /etc/chrony/sources.d/*.sources',
        },
  ({ needsReboot }, server) =>
    needsReboot
      ? {
          state: 'well',
          note: `an upgrade waits for a reboot → ${trimaran(`exec ${server} -- systemctl reboot`)}, one server at a time`,
        }
      : undefined,
]
