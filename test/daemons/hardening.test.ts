import { describe, expect, it } from 'vitest'
import { components } from '../../src/components/index.ts'
import { busyServers, contextFor, everything, fiveServers, nineServers } from '../../src/components/testing/stacks.ts'
import { hasStockedImage, inImage } from './in-image.ts'

/** Tenths of the highest score that `systemd-analyze security` may give; lower is safer. */
const highest = { app: 19, others: 40 } as const

const stacks = [fiveServers, nineServers, busyServers, everything].map((make) => make(components))

/** Whatever any component places on any server of any of the stacks that goldens are rendered from. */
const resources = stacks.flatMap((stack) =>
  stack.servers.flatMap(({ name }) => {
    const context = contextFor(stack, name)
    return components.filter((one) => one.belongsOn(context.server, stack)).flatMap((one) => one.render(context))
  }),
)

/** Where two stacks differ in a file, the last one says more: it has a pool and all kinds of processes. */
const files = Object.fromEntries(
  resources.flatMap((one) =>
    one.kind === 'file' && one.path.startsWith('/etc/systemd/system/') ? [[one.path, one.content] as const] : [],
  ),
)

const services = [
  ...new Set(Object.keys(files).flatMap((path) => /system\/([^/]+\.service)(\.d\/|$)/.exec(path)?.[1] ?? [])),
].toSorted()

/** Every service that runs since a component says so: `app-blue-web@3000.service` is one of `app-blue-web@.service`. */
const started = new Set(
  resources.flatMap((one) => {
    if (one.kind === 'unit') return one.state === 'running' ? [one.name] : []
    return one.kind === 'slots' ? one.slots.flatMap(({ units, retirement }) => [...units, retirement]) : []
  }),
)

const templateOf = (service: string): string => (service.startsWith('app-') ? service.replace(/@\d+\./, '@.') : service)

/** Debian's own, of which Trimaran only says that they run. */
const left = ['systemd-journald.service']

const isOfTheApp = (service: string): boolean => /^app-.*@\.service$/.test(service)

describe.skipIf(!hasStockedImage())('systemd itself', () => {
  it('is asked about every service that a component starts', () => {
    const notAsked = [...started].filter((name) => name.endsWith('.service') && !services.includes(templateOf(name)))
    expect([...new Set(notAsked)].toSorted()).toEqual(left)
  })

  it('finds no service less confined than it is said to be', async () => {
    const asked = services.map((name) => {
      const limit = isOfTheApp(name) ? highest.app : highest.others
      const instance = name.replace('@.', '@1.')
      return `systemd-analyze security --no-pager --offline=true --threshold=${limit} ${instance} >/tmp/said 2>&1 || { echo ${instance}; tail -n 3 /tmp/said; }`
    })
    expect(await inImage(asked.join('\n'), files)).toEqual({ code: 0, output: '' })
  })

  it('finds a service that is not confined', async () => {
    const open = { '/etc/systemd/system/open.service': '[Service]\nExecStart=/bin/true\n' }
    const { code } = await inImage(
      `systemd-analyze security --no-pager --offline=true --threshold=${highest.others} open.service >/dev/null`,
      open,
    )
    expect(code).not.toBe(0)
  })
})
