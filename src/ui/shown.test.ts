import { expect, it } from 'vitest'
import { shown } from './shown.ts'
import { createTone } from './tone.ts'

const tone = createTone({ isTTY: true }, {})

it('keeps our own colours, and those only', () => {
  const forged = '\u001B[2K\r\u001B[32mwell\u001B[0m'
  expect(shown(`${tone.red('app-1')} ${forged}`)).toBe(String.raw`${'\u001B[31mapp-1\u001B[39m'} \x1b[2K\x0dwell`)
})

it('does so for what is coloured by us and holds more', () => {
  expect(shown(tone.bold(`a ${tone.dim('b\u0007')} c`))).toBe(
    String.raw`${'\u001B[1m'}a ${'\u001B[2m'}b\x07${'\u001B[22m'} c${'\u001B[22m'}`,
  )
})
