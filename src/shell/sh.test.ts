import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lines, sh } from './sh.ts'

const speak = (script: string): string => execFileSync('bash', ['-c', script], { encoding: 'utf8' })

describe('sh', () => {
  it('hands every word to the shell as it is', () => {
    const word = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0'))
    fc.assert(
      fc.property(word, (text) => {
        expect(speak(sh`printf %s ${text}`.text)).toBe(text)
      }),
      { numRuns: 60 },
    )
  })

  it('makes several words of an array', () => {
    expect(sh`rm -f ${['/a b', 'c', 7]}`.text).toBe("rm -f '/a b' c 7")
  })

  it('places nested shell as it is', () => {
    expect(sh`${sh`echo a`} | cat`.text).toBe('echo a | cat')
  })

  it('removes the indentation of the code around it', () => {
    const script = sh`
      if true; then
        echo ${'x y'}
      fi
    `
    expect(script.text).toBe("if true; then\n  echo 'x y'\nfi")
  })

  it('keeps backslashes for the shell, but for the two that the template itself needs', () => {
    expect(sh`printf 'a\tb\n' "\${HOME}" \`id\``.text).toBe('printf \'a\\tb\\n\' "${HOME}" `id`')
  })

  it.each([
    ['single', () => sh`echo '${'$(id)'}'`],
    ['double', () => sh`echo "${'$(id)'}"`],
    ['of an array', () => sh`echo "${['a', 'b c']}"`],
  ])('refuses a value between quotes: %s', (_name, make) => {
    expect(make).toThrow('leave out the quotes')
    expect(sh`echo "${'/plain/path'}"`.text).toBe('echo "/plain/path"')
  })

  it('joins pieces on lines of their own', () => {
    expect(lines([sh`a`, sh``, sh`b`]).text).toBe('a\nb')
  })
})
