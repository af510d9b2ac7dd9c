import { describe, expect, it } from 'vitest'
import { app } from '../../src/components/app/index.ts'
import { contextFor, fiveServers } from '../../src/components/testing/stacks.ts'
import type { File } from '../../src/resources/resource.ts'
import { hasStockedImage, inImage } from './in-image.ts'

const unit = app
  .render(contextFor(fiveServers([app]), 'app-1'))
  .find((one): one is File => one.kind === 'file' && one.path.endsWith('/app-blue-web@.service'))!
const staged = `/run/trimaran/staged${unit.path}`
const check = (content: string) => inImage(`file=${staged}; ${unit.check!.text}`, { [staged]: content })

describe.skipIf(!hasStockedImage())('systemd itself', () => {
  it('accepts the unit of the app without a word', async () => {
    expect(await check(unit.content)).toEqual({ code: 0, output: '' })
  })

  it('refuses a unit that it cannot start', async () => {
    const { code } = await check(unit.content.replace('ExecStart=/bin/bash', 'ExecStart=bin/bash'))
    expect(code).not.toBe(0)
  })
})
