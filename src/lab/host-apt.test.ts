import { describe, expect, it } from 'vitest'
import { findMirror, readProxies } from './host-apt.ts'

describe("this computer's apt", () => {
  it("knows the mirror of Debian itself, among other people's repositories", () => {
    const targets = `Other|Other|main|https://other.example/apt/
Debian|Debian-Security|main|http://mirror.example/debian-security/
Debian|Debian|main|http://mirror.example/debian/
Debian|Debian|contrib|http://mirror.example/debian/`
    expect(findMirror(targets)).toBe('http://mirror.example/debian')
    expect(findMirror('')).toBeUndefined()
  })

  it('knows the proxies, which debootstrap has to be told', () => {
    const settings = `Acquire::http::Proxy "http://proxy.example:3128";
Acquire::https::Proxy "DIRECT";
Acquire::http::Proxy::mirror.example "DIRECT";`
    expect(readProxies(settings)).toEqual({ http_proxy: 'http://proxy.example:3128' })
  })
})
