import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { useLabStack } from '../support/lab-stack.ts'
import { runProgram } from '../support/run-program.ts'

const command = `"${process.execPath}" "${new URL('../../../bin/trimaran.js', import.meta.url).pathname}" exec --lab`

/** Commands that are run on servers by hand. */
export function describeExec(stack: ReturnType<typeof useLabStack>): void {
  describe('a command on a server', () => {
    const shell = (line: string) => runProgram('sh', ['-c', line], { cwd: stack.project.folder })

    it('has the input and the output of the one here, byte for byte, and its exit code', async () => {
      const file = join(stack.project.folder, 'bytes')
      await writeFile(file, randomBytes(3_000_000))
      const { code, stderr } = await shell(`
        set -e
        ${command} db-1 -- cat <${file} | cmp - ${file}
        ${command} db-1 --raw -- cat <${file} | cmp - ${file}
        ${command} app-1 --app -- cat <${file} | cmp - ${file}
        ${command} db-1 -- 'exit 7' </dev/null
      `).ended
      expect({ code, stderr }).toEqual({ code: 7, stderr: '' })
    })

    it('brings a dump of the database here, whole, and back into another database', async () => {
      const asPostgres = (words: string): string => `${command} db-1 -- runuser -u postgres -- ${words}`
      const { code, stderr, stdout } = await shell(`
        set -e
        ${asPostgres('pg_dump -Fc app')} >dump
        ${asPostgres('createdb copy')}
        ${asPostgres('pg_restore --exit-on-error -d copy')} <dump
        ${asPostgres('psql -Atd copy -c "table entries"')} >copied
        ${asPostgres('psql -Atd app -c "table entries"')} | cmp - copied
        ${asPostgres('dropdb copy')}
        wc -l <copied
      `).ended
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      expect(Number(stdout)).toBeGreaterThan(0)
    })

    it('masks secrets as they come, and ends with the one here', async () => {
      const told = await stack.project.trimaran('exec', '--lab', '--app', '--', 'echo "$DATABASE_URL" as $(id -un)')
      expect(told.stdout).toMatch(/^postgres:\/\/app:\*\*\*@127\.0\.0\.1:5432\/app as app\n$/)
      for (const [where, signal, code] of [
        [['db-1'], 'SIGINT', 130],
        [['--app'], 'SIGTERM', 143],
      ] as const) {
        const running = stack.project.start('exec', '--lab', ...where, '--', 'echo begun; exec sleep 4711')
        await running.said('begun')
        expect((await running.kill(signal)).code).toBe(code)
      }
      for (const server of ['db-1', 'app-1'])
        expect(await stack.on(server, 'pgrep -x -f "sleep 4711"; ls /run/trimaran | grep command; true')).toBe('')
    })
  })
}
