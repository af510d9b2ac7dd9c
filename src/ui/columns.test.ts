import { describe, expect, it } from 'vitest'
import { columns } from './columns.ts'
import { displayWidth, truncate } from './display-width.ts'

describe('columns', () => {
  it('aligns cells, and leaves nothing at line ends', () => {
    const rows = [['SERVER', 'STATE', 'NOTE'], ['db-1', 'well', ''], ['lb-1', 'degraded', 'one way left'], ['app-1']]
    expect(columns(rows)).toBe(
      ['SERVER  STATE     NOTE', 'db-1    well', 'lb-1    degraded  one way left', 'app-1'].join('\n'),
    )
  })

  it('wraps what may be wrapped where the table would be too wide, and keeps every letter of it', () => {
    const rows = [
      ['WHEN', 'WHO', 'ON'],
      ['22:55', 'somebody@a-long-host.example.com', 'lb-1, lb-2, web-1'],
    ]
    expect(columns(rows, { width: 30, wraps: [1, 2] })).toBe(
      [
        'WHEN   WHO         ON',
        '22:55  somebody@a  lb-1, lb-2,',
        '       -long-host  web-1',
        '       .example.c',
        '       om',
      ].join('\n'),
    )
    expect(columns(rows, { width: 80, wraps: [1, 2] })).toBe(columns(rows))
  })

  it('sets numbers at the right, and indents', () => {
    expect(
      columns(
        [
          ['a', '5', 's'],
          ['bb', '120', 's'],
        ],
        { right: [1], indent: '  ' },
      ),
    ).toBe('  a     5  s\n  bb  120  s')
  })

  it('counts what is seen: colours as nothing, wide characters as two', () => {
    const red = '\u001B[31mdown\u001B[39m'
    expect(
      columns([
        [red, 'x'],
        ['日本', 'y'],
        ['é', 'z'],
      ]),
    ).toBe(`${red}  x\n日本  y\né     z`)
  })

  it('takes no rows', () => {
    expect(columns([])).toBe('')
  })
})

describe('truncate', () => {
  it.each([
    ['short', 10, 'short'],
    ['exactly ten', 11, 'exactly ten'],
    ['a longer text', 8, 'a longe…'],
    ['日本語', 4, '日…'],
    ['\u001B[31mred text\u001B[39m', 4, '\u001B[31mred…\u001B[39m'],
    ['anything', 0, ''],
  ])('%j in %i columns is %j', (text, width, expected) => {
    expect(truncate(text, width)).toBe(expected)
    expect(displayWidth(truncate(text, width))).toBeLessThanOrEqual(width)
  })
})
