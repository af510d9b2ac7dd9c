import { expect, it } from 'vitest'
import { immutable, loaded } from './render-static-files.ts'

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
  // Folders of frameworks, whatever the name.
  ['/_next/static/chunks/0cz1d0mv5g_q7.js', true],
  ['/_next/static/pRbhKJXjTlpAcXxvmVs/_buildManifest.js', true],
  ['/base/_next/static/css/app.css', true],
  ['/_nuxt/entry.js', true],
  ['/_nuxt/builds/meta/1f0a.json', true],
  ['/_nuxt/builds/latest.json', false],
  ['/_app/immutable/entry/start.js', true],
  ['/_app/version.json', false],
  ['/_astro/hoisted.css', true],
  ['/_next/data/build/page.json', false],
  ['/_next/image', false],
  ['/_next/static/', false],
])('%s never changes: %s', (path, expected) => {
  expect(new RegExp(immutable).test(path)).toBe(expected)
})

it.each([
  ['/assets/index-DiwrgTda.js', true],
  ['/main-DUX2WTYE.js', true],
  ['/_next/data/build/page.json', true],
  ['/logo.SVG', true],
  ['/', false],
  ['/page.html', false],
  ['/prices.pdf', false],
  ['/robots.txt', false],
  ['/sitemap.xml', false],
  ['/users/5', false],
  ['/js', false],
])('%s is loaded by pages: %s', (path, expected) => {
  expect(new RegExp(loaded, 'i').test(path)).toBe(expected)
})
