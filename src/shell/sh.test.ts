import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lines, sh, words } from './sh.ts'

const speak = (script: string): string => execFileSync('bash', ['-c', script], { encoding: 'utf8' })

describe('sh', () => {
  it('hands every word to the shell as it is', () => {
    const word = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0'))
    fc.assert(
      fc.property(word, (text) => {
        expect(speak(sh`printf %s ${words([text])}`.text)).toBe(text)
        if (!text.startsWith('-')) expect(sh`printf %s ${text}`.text).toBe(sh`printf %s ${words([text])}`.text)
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

  const evil = '$(id)'
  it.each([
    ['single', () => sh`echo '${evil}'`],
    ['double', () => sh`echo "${evil}"`],
    ['of an array', () => sh`echo "${['a', 'b c']}"`],
    ['in the middle of double ones', () => sh`echo "it is ${evil}, you see"`],
    ['in the middle of single ones', () => sh`perl -e 'print $x; say ${evil}; exit'`],
    ['of dollars', () => sh`printf $'it\'s ${evil}'`],
    ['at their beginning', () => sh`echo "${evil} it is"`],
    ['with others in between', () => sh`echo "a 'b' ${'plain'} $(ls "x y") ${evil}"`],
    ['within a parameter', () => sh`echo "\${1:-${evil}}"`],
    [
      'behind a comment with one',
      () => sh`
      ls # it's here
      echo "${evil}"
    `,
    ],
    ['in a comment', () => sh`ls # of ${'a\nreboot'}`],
    [
      'in a here-document',
      () => sh`
      cat <<END
      ${evil}
      END
    `,
    ],
  ])('refuses a value between quotes: %s', (_name, make) => {
    expect(make).toThrow('leave out the quotes')
  })

  it.each([
    ['in a substitution', sh`echo "$(cat ${evil})"`, `echo "$(cat '$(id)')"`],
    ['in one of two', sh`echo "$(echo "$(cat ${evil})")"`, `echo "$(echo "$(cat '$(id)')")"`],
    ['behind quotes', sh`echo "it's" 'a "b' $'\'' \" ${evil}`, `echo "it's" 'a "b' $'\\'' \\" '$(id)'`],
    ['behind a number in base 16', sh`x=$((16#ff)) \${#y} ${evil}`, `x=$((16#ff)) \${#y} '$(id)'`],
    ['behind a here-string', sh`cat <<<"x" ${evil}`, `cat <<<"x" '$(id)'`],
    [
      'behind a here-document',
      sh`
      cat <<'END'
      it's
      END
      echo ${evil}
    `,
      `cat <<'END'\nit's\nEND\necho '$(id)'`,
    ],
    ['that is plain', sh`echo "of ${'/plain/path'}"`, 'echo "of /plain/path"'],
    ['that is shell', sh`echo "of $(${sh`id`})"`, 'echo "of $(id)"'],
  ])('takes a value %s', (_name, { text }, expected) => {
    expect(text).toBe(expected)
  })

  it('refuses a word that would be taken for an option, unless it is one', () => {
    for (const make of [() => sh`rm -f ${'-rf'}`, () => sh`rm ${['a', '--no-preserve-root']}`, () => sh`${'-x'}`])
      expect(make).toThrow('begins with a hyphen')
    expect(sh`rm ${words(['-f', 'a b'])} --x=${'-y'} ./${'-z'}`.text).toBe("rm -f 'a b' --x=-y ./-z")
  })

  it('joins pieces on lines of their own', () => {
    expect(lines([sh`a`, sh``, sh`b`]).text).toBe('a\nb')
  })
})
