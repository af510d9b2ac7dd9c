import type { Component } from '../components/component.ts'
import type { Stack } from '../stack/stack.ts'

/** Whether every server has it, and it is the same on each: then it is told once, and not with each tier. */
export function isEverywhere(component: Component, stack: Stack): boolean {
  const isOnAll = stack.servers.every((server) => component.belongsOn(server, stack))
  return isOnAll && new Set(stack.servers.map((server) => component.explain(server, stack).what)).size === 1
}
