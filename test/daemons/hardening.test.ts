import { describe, expect, it } from 'vitest'
import { components } from '../../src/components/index.ts'
import { contextFor, everything } from '../../src/components/testing/stacks.ts'
import { hasStockedImage, inImage } from './in-image.ts'

/** Tenths of the highest score that `systemd-analyze security` may give; lower is safer. */
const highest = { app: 19, others: 40 } as const

/** Every file below /etc/systemd/system that any component places on any server of a stack that has all of them. */
const files = Object.fromEntries(
  everything(components).servers.flatMap(({ name }) =>
    components
      .filter((one) => one.belongsOn(contextFor(everything(components), name).server, everything(components)))
      .flatMap((one) => one.render(contextFor(everything(components), name)))
      .flatMap((one) =>
        one.kind === 'file' && one.path.startsWith('/etc/systemd/system/') ? [[one.path, one.content] as const] : [],
      ),
  ),
)

const services = [
  ...new Set(Object.keys(files).flatMap((path) => /system\/([^/]+\.service)(\.d\/|$)/.exec(path)?.[1] ?? [])),
].toSorted()

const isOfTheApp = (service: string): boolean => /^app-.*@\.service$/.test(service)

describe.skipIf(!hasStockedImage())('systemd itself', () => {
  it('is asked about every service', () => {
    expect(services).toEqual([
      'app-blue-clock@.service',
      'app-blue-report@.service',
      'app-blue-retire.service',
      'app-blue-web@.service',
      'app-blue-worker@.service',
      'app-green-clock@.service',
      'app-green-report@.service',
      'app-green-retire.service',
      'app-green-web@.service',
      'app-green-worker@.service',
      'chrony.service',
      'etcd.service',
      'haproxy.service',
      'keepalived.service',
      'nginx.service',
      'patroni.service',
      'pgbouncer.service',
      'trimaran-app-reach.service',
      'trimaran-firewall.service',
      'trimaran-observer.service',
    ])
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
