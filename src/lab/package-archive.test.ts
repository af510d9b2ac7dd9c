import { expect, it } from 'vitest'
import { alike } from './package-archive.ts'

const server = (name: string, image: string) => ({ name, host: 11, image })

it('downloads once what several servers over the same image install', () => {
  const servers = [server('app-1', 'old'), server('app-2', 'old'), server('app-3', 'new'), server('db-1', 'old')]
  const wanted = new Map([
    ['app-1', ['jq', 'imagemagick']],
    ['app-2', ['imagemagick', 'jq', 'jq']],
    ['app-3', ['jq', 'imagemagick']],
    ['db-1', ['postgresql-17-postgis-3']],
    ['gone-1', ['jq']],
  ])
  expect(alike({ servers }, wanted)).toEqual([
    { image: 'old', packages: ['imagemagick', 'jq'], servers: ['app-1', 'app-2'] },
    { image: 'new', packages: ['imagemagick', 'jq'], servers: ['app-3'] },
    { image: 'old', packages: ['postgresql-17-postgis-3'], servers: ['db-1'] },
  ])
  expect(alike({ servers }, new Map())).toEqual([])
})
