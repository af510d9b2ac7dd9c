import type { Ecosystem } from '../draft.ts'
import { angular } from './angular.ts'
import { astro } from './astro.ts'
import { bun } from './bun.ts'
import { deno } from './deno.ts'
import { django } from './django.ts'
import { dockerfile } from './dockerfile.ts'
import { dotnet } from './dotnet.ts'
import { elixir } from './elixir.ts'
import { fastapi } from './fastapi.ts'
import { flask } from './flask.ts'
import { go } from './go.ts'
import { html } from './html.ts'
import { java } from './java.ts'
import { laravel } from './laravel.ts'
import { nest } from './nest.ts'
import { next } from './next.ts'
import { node } from './node.ts'
import { nuxt } from './nuxt.ts'
import { nx } from './nx.ts'
import { php } from './php.ts'
import { procfile } from './procfile.ts'
import { rack } from './rack.ts'
import { rails } from './rails.ts'
import { reactRouter } from './react-router.ts'
import { rust } from './rust.ts'
import { siteGenerators } from './site-generators.ts'
import { staticGenerators } from './static-generators.ts'
import { svelteKit } from './sveltekit.ts'
import { symfony } from './symfony.ts'
import { unservable } from './unservable.ts'
import { wordpress } from './wordpress.ts'

/**
 * All ways in which apps are made, the surest first: the first that finds something counts. A framework leaves files of its own;
 * its package.json, if it has one, is for what browsers load. What only serves files comes after whatever has a server.
 */
export const ecosystems: readonly Ecosystem[] = [
  django,
  rails,
  laravel,
  symfony,
  wordpress,
  elixir,
  nx,
  next,
  nuxt,
  svelteKit,
  astro,
  reactRouter,
  nest,
  angular,
  fastapi,
  flask,
  dotnet,
  go,
  rust,
  java,
  rack,
  siteGenerators,
  bun,
  deno,
  node,
  staticGenerators,
  php,
  procfile,
  html,
  dockerfile,
  unservable,
]
