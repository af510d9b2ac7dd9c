import { describe, expect, it } from 'vitest'
import { nameImage } from './image-recipe.ts'

describe('the name of an image', () => {
  it('is the same for the same server, whatever the order', () => {
    const one = nameImage({ packages: ['nginx', 'curl'], files: { '/b': '2', '/a': '1' } })
    expect(nameImage({ packages: ['curl', 'nginx'], files: { '/a': '1', '/b': '2' } })).toBe(one)
    expect(one).toMatch(/^stocked-[0-9a-f]{12}$/)
  })

  it('differs with what is in it', () => {
    const names = [
      nameImage({ packages: [], files: {} }),
      nameImage({ packages: ['curl'], files: {} }),
      nameImage({ packages: ['curl'], files: { '/a': '1' } }),
      nameImage({ packages: ['curl'], files: { '/a': '2' } }),
    ]
    expect(names[0]).toMatch(/^bare-/)
    expect(new Set(names).size).toBe(4)
  })
})
