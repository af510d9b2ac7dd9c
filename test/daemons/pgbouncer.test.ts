import { describe, expect, it } from 'vitest'
import { checkConfig } from '../../src/components/pgbouncer/check.ts'
import { pgbouncer } from '../../src/components/pgbouncer/index.ts'
import { contextFor, nineServers } from '../../src/components/testing/stacks.ts'
import { hasStockedImage, inImage } from './in-image.ts'

const plain = nineServers([pgbouncer])
const stack = {
  ...plain,
  declared: {
    ...plain.declared,
    database: { ...plain.declared.database, pool: 'transaction', databases: ['reports'] },
  },
} as const
const files: Readonly<Record<string, string>> = Object.fromEntries(
  pgbouncer.render(contextFor(stack, 'app-2')).flatMap((one) => (one.kind === 'file' ? [[one.path, one.content]] : [])),
)
/** What checks each program before it is placed. */
const checks = pgbouncer
  .render(contextFor(stack, 'app-2'))
  .flatMap((one) =>
    one.kind === 'file' && one.mode === '0755' && one.check !== undefined
      ? [`file=${one.path}\n${one.check.text}`]
      : [],
  )
  .join('\n')
const path = '/etc/pgbouncer/pgbouncer.ini'
const check = `file=${path}\n${checkConfig.text}`

describe.skipIf(!hasStockedImage())('PgBouncer checks', () => {
  it('its configuration to be sound', async () => {
    expect(await inImage(check, files)).toEqual({ code: 0, output: '' })
  })

  it.each([
    ['a setting that it does not know', 'pool_mode = transaction', 'pool_mood = transaction', 'pool_mood'],
    ['a value that it cannot read', 'max_prepared_statements = 200', 'max_prepared_statements = many', 'invalid value'],
  ])('%s, in its own words', async (_which, right, wrong, words) => {
    const { code, output } = await inImage(check, { ...files, [path]: files[path]!.replace(right, wrong) })
    expect(code).toBe(1)
    expect(output).toContain(words)
  })

  it('its console to be open to root, and all values to be what the file says', async () => {
    const { output } = await inImage(
      `
      install -d -o postgres /run/pgbouncer
      chmod +x /usr/local/lib/trimaran/pool-console; chgrp postgres /etc/pgbouncer/*; chmod 640 /etc/pgbouncer/*
      ip link set lo up
      setpriv --reuid=postgres --regid=postgres --clear-groups pgbouncer -q ${path} &
      for i in $(seq 50); do [ -S /run/pgbouncer/.s.PGSQL.6432 ] && break; sleep 0.1; done
      /usr/local/lib/trimaran/pool-console 'SHOW CONFIG' | cut -d'|' -f1,2
      kill -QUIT %1
      `,
      files,
    )
    const shown = new Set(output.split('\n').map((row) => row.replace('|', ' = ')))
    const stated = files[path]!.slice(files[path]!.indexOf('[pgbouncer]')).matchAll(/^\w+ = .+$/gm)
    // It shows the mode of a file as a decimal number.
    const missing = [...stated].map(([row]) => row.replace('0700', '448')).filter((row) => !shown.has(row))
    expect(missing).toEqual([])
  })

  it('its unit and programs to be sound', async () => {
    const { output, code } = await inImage(
      `
      systemd-analyze verify --man=no pgbouncer.service 2>&1 | grep -i pgbouncer
      set -e
      ${checks}
      `,
      files,
    )
    expect({ output, code }).toEqual({ output: '', code: 0 })
  })
})
