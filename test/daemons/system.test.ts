import { describe, expect, it } from 'vitest'
import { system } from '../../src/components/system/index.ts'
import { contextFor, nineServers } from '../../src/components/testing/stacks.ts'
import { hasStockedImage, inImage } from './in-image.ts'

const stack = nineServers([system])

describe.skipIf(!hasStockedImage())('systemd checks', () => {
  it.each(['lb-1', 'db-1'])('what %s has of the system component', async (name) => {
    const files = Object.fromEntries(
      system.render(contextFor(stack, name)).flatMap((one) => (one.kind === 'file' ? [[one.path, one.content]] : [])),
    )
    const script = `
      rm -f /etc/systemd/system/apt-daily-upgrade.timer # the lab's image masks it
      systemd-analyze verify --man=no chrony.service apt-daily-upgrade.timer 2>&1 | grep -E 'trimaran|chrony.service|upgrade'
      systemd-analyze calendar "$(sed -n 's/^OnCalendar=\\(.\\+\\)/\\1/p' /etc/systemd/system/apt-daily-upgrade.timer.d/60-trimaran.conf)" >/dev/null || echo 'no time'
      sed -n 's/^\\([a-z].*\\) = .*/\\1/p' /etc/sysctl.d/60-trimaran.conf | while read -r name; do
        sysctl -n "$name" >/dev/null || echo "the kernel knows no $name"
      done
    `
    expect((await inImage(script, files)).output).toBe('')
  })
})
