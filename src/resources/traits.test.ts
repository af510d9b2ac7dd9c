import { expect, it } from 'vitest'
import { kinds } from './kinds.ts'

it('places before it runs, and confirms last, so that what runs finds all that it needs', () => {
  const phases = Map.groupBy(kinds, ({ phase }) => phase)
  expect(Object.fromEntries([...phases].map(([phase, list]) => [phase, list.map(({ kind }) => kind)]))).toEqual({
    place: ['package', 'user', 'directory', 'tree', 'file', 'symlink', 'kernel-setting', 'command'],
    run: ['unit', 'slots'],
    confirm: ['condition'],
  })
})

it('never does ahead of all others what can be noticed: nothing that runs, and nothing that is confirmed of it', () => {
  expect(kinds.filter(({ phase, unnoticed }) => phase !== 'place' && unnoticed !== undefined)).toEqual([])
})

it('knows the units of what runs, and of nothing else', () => {
  expect(kinds.filter(({ unitsOf }) => unitsOf !== undefined).map(({ kind }) => kind)).toEqual(
    kinds.filter(({ phase }) => phase === 'run').map(({ kind }) => kind),
  )
})
