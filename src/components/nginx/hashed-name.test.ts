import { expect, it } from 'vitest'
import { hashedName } from './render-static-files.ts'

it.each([
  // Bundlers' names, kept for a year.
  ['/app-3f9a1c2b.css', true],
  ['/app.3f9a1c2b.js', true],
  ['/static/js/main.8d3db4ef.chunk.js', true],
  ['/static/js/main.8d3db4ef.js.map', true],
  ['/logo-5d5d9eefa31e5e13a6610d9fa7a283bb.svg', true],
  ['/assets/index-DiwrgTd4.js', true],
  ['/assets/deep/index-D_w-gTd4.css', true],
  ['/_astro/page.B3xXk-9a.css', true],
  // What people name themselves, asked for each time.
  ['/', false],
  ['/index.html', false],
  ['/style.css', false],
  ['/photo-20261122.jpg', false],
  ['/report-deadbeef.pdf', false],
  ['/IMG-12345678.png', false],
  ['/report-Version2.pdf', false],
  ['/assets/my-document.css', false],
  ['/assets/icon-darkMode.svg', false],
  ['/assets/jquery-3.7.1.min.js', false],
  ['/3f9a1c2b.css', false],
  ['/users/app-3f9a1c2b', false],
])('%s: %s', (path, isHashed) => {
  expect(new RegExp(hashedName).test(path)).toBe(isHashed)
})
