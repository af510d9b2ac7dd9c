import { execFileSync } from 'node:child_process'
import { createReadStream, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readTar } from './read-tar.ts'
import { shell } from './testing/git-repository.ts'
import { temporaryFolder } from './testing/temporary-folder.ts'

async function entriesOf(archive: string, highWaterMark = 64 * 1024) {
  const told: string[] = []
  await readTar(createReadStream(archive, { highWaterMark }), async ({ path, is, mode, size, target }) => {
    let content = ''
    return {
      onContent: (piece) => void (content += piece.toString('latin1')),
      onEnd: () => void told.push([path, is, mode.toString(8), size, target || content.slice(0, 9)].join(' ')),
    }
  })
  return told
}

it.each([64 * 1024, 1, 700])('reads what GNU tar writes, in pieces of %i bytes', async (pieces) => {
  const folder = await temporaryFolder()
  const long = 'n'.repeat(250)
  shell(
    folder,
    String.raw`mkdir tree; cd tree; mkdir lib; echo hello >lib/a; chmod 750 lib/a; : >empty; ln -s ${long} link; echo x >${long}; echo y >$'caf\351'; printf %0512d 0 >block; cd ..
    tar --format=gnu --sort=name -cf a.tar -C tree .`,
  )
  expect((await entriesOf(join(folder, 'a.tar'), pieces)).toSorted()).toEqual([
    '. folder 755 0 ',
    './block file 644 512 000000000',
    './caf\u00e9 file 644 2 y\n',
    './empty file 644 0 ',
    './lib folder 755 0 ',
    './lib/a file 750 6 hello\n',
    `./link link 777 0 ${long}`,
    `./${long} file 644 2 x\n`,
  ])
})

it('refuses what is no such archive, and what ends too early', async () => {
  const folder = await temporaryFolder({ tree: 'hello' })
  const archive = join(folder, 'a.tar')
  execFileSync('tar', ['--format=gnu', '-cf', archive, '-C', folder, 'tree'])
  truncateSync(archive, 600)
  await expect(entriesOf(archive)).rejects.toThrow('it ends in the middle')
  writeFileSync(archive, Buffer.alloc(2048, 'x'))
  await expect(entriesOf(archive)).rejects.toThrow('a number in it is none')
  execFileSync('tar', ['--format=pax', '-cf', archive, '-C', folder, '--pax-option=comment=x', 'tree'])
  await expect(entriesOf(archive)).rejects.toThrow('an entry of the kind')
})
