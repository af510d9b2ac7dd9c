import { z } from 'zod'
import { sh } from '../../shell/sh.ts'
import type { Component, Roles } from '../component.ts'
import type { ComponentName } from '../names.ts'

/** A component that does nothing but have roles; on every server, and on no list. */
export const componentWith = (name: string, roles: Partial<Roles>): Component => ({
  name: name as ComponentName,
  belongsOn: () => true,
  links: () => [],
  packages: [],
  listens: () => [],
  render: () => [],
  health: { ask: () => sh`true`, read: () => ({ state: 'well' }), details: z.strictObject({}) },
  roles,
  explain: () => ({ what: '', why: '', brings: {}, whenItDies: '' }),
})
