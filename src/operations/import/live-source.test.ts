import { describe, expect, it } from 'vitest'
import { hideSecrets } from '../../speech/known-secrets.ts'
import { isUrl, readLiveSource } from './live-source.ts'

describe('the address of a live database', () => {
  it('travels without its password, which is masked from then on', () => {
    const source = readLiveSource('postgres://ana:p%40ss%2Fword1@db.example.com:5433/shop?sslmode=require')
    expect(source).toEqual({
      url: 'postgres://ana@db.example.com:5433/shop?sslmode=require',
      password: 'p@ss/word1',
      shown: 'postgresql://ana:***@db.example.com:5433/shop',
    })
    expect(hideSecrets('ERROR: p@ss/word1, p%40ss%2Fword1')).toBe('ERROR: ***, ***')
  })

  it('may leave the password to PGPASSWORD', () => {
    expect(readLiveSource('postgresql://ana@db/shop', { PGPASSWORD: 'from outside' }).password).toBe('from outside')
    expect(readLiveSource('postgresql://ana@db/shop', {})).toMatchObject({
      password: '',
      shown: 'postgresql://ana@db/shop',
    })
  })

  it.each([
    ['mysql://ana:x@db/shop', 'its form is'],
    ['postgresql//ana@db/shop', 'its form is'],
    ['postgresql:///shop', 'names no host'],
    ['postgresql://ana@db/shop?host=/run/postgresql', 'names no host'],
    ['postgresql://ana@db/shop?password=x', 'a password stands before the host'],
    ['postgresql://ana@db/shop?sslpassword=x', 'a password stands before the host'],
    ['postgresql://db/shop', 'names no user'],
  ])('%s is refused: %s', (source, why) => {
    expect(() => readLiveSource(source, {})).toThrow(
      expect.objectContaining({
        code: 'TRI-IMPORT-001',
        facts: expect.objectContaining({ why: expect.stringContaining(why) }),
      }),
    )
  })

  it('is known by its form', () => {
    const files = ['dump.sql', './a:b', 'C:/dump', 'ana@db.sql', './a:b@c.sql']
    expect(files.filter(isUrl)).toEqual([])
    const meant = ['postgres://x', 'postgresql//ana:pw@db/shop', 'postgresql:/ana:pw@db/shop', 'ana:pw@db/shop']
    expect(meant.filter(isUrl)).toEqual(meant)
  })
})
