import { Buffer } from 'node:buffer'
import { lines, sh } from '../shell/sh.ts'
import type { Condition, ResourceKind, Step } from './resource.ts'
import { conditionsFolder } from './state-folder.ts'

export interface ConditionFact {
  readonly holds: boolean
  /** What was wanted when it was last made true; absent where it never was. */
  readonly remembered?: string
}

const fileOf = (name: string): string => `${conditionsFolder}/${name.replaceAll(/[^\w.-]/g, '-')}`

/** Conditions: asked whether they hold, made true where they do not or where something else is wanted of them now. */
export const conditionKind: ResourceKind<Condition, ConditionFact> = {
  kind: 'condition',
  name: (resource) => resource.name,
  ask: (resources) =>
    lines(
      resources.map(
        ({ name, holds }) => sh`
          holds() { ${holds}
          }
          if ( holds ) >/dev/null 2>&1; then state=holds; else state=fails; fi
          printf '%s\t%s\t%s\n' ${name} $state "$([ -e ${fileOf(name)} ] && base64 -w0 ${fileOf(name)} && echo .)"
        `,
      ),
    ),
  read: (answer) =>
    new Map(
      answer
        .split('\n')
        .map((line) => line.split('\t'))
        .flatMap(([name, state, remembered]) =>
          remembered === undefined ? [] : [[name!, readFact(state === 'holds', remembered)] as const],
        ),
    ),
  close: (desired, facts) => desired.flatMap((condition) => closeOne(condition, facts.get(condition.name))),
}

const readFact = (holds: boolean, encoded: string): ConditionFact =>
  // The full stop tells a file that is empty from one that is not there.
  encoded === '' ? { holds } : { holds, remembered: Buffer.from(encoded.slice(0, -1), 'base64').toString() }

function closeOne(condition: Condition, fact: ConditionFact | undefined): readonly Step[] {
  const { name, action, wanted, make, disturbs, reason } = condition
  const isFirst = fact?.remembered === undefined && wanted !== undefined
  const differing = isFirst || wanted === undefined ? [] : namesOfDifferences(fact?.remembered ?? '', wanted)
  if (fact?.holds !== false && !isFirst && differing.length === 0) return []
  return [
    {
      kind: 'condition',
      name,
      // Where it was never made true there is nothing to restart yet; it is looked at, and remembered.
      action: isFirst && action === 'restart' ? 'check' : action,
      reason: differing.length > 0 ? differing.join(', ') : reason,
      disturbs: isFirst ? 'nothing' : disturbs,
      apply: lines([sh`first=${isFirst ? 'yes' : 'no'}`, make, wanted === undefined ? sh`` : remember(name, wanted)]),
    },
  ]
}

function namesOfDifferences(before: string, after: string): readonly string[] {
  const [old, now] = [new Set(before.split('\n')), new Set(after.split('\n'))]
  const lone = [...old].filter((line) => !now.has(line)).concat([...now].filter((line) => !old.has(line)))
  return [...new Set(lone.filter((line) => line !== '').map((line) => line.split('=')[0]!))].toSorted()
}

function remember(name: string, wanted: string) {
  return sh`
    mkdir -p ${conditionsFolder}
    base64 -d <<<${Buffer.from(wanted).toString('base64')} >${fileOf(name)}.new
    mv -f ${fileOf(name)}.new ${fileOf(name)}
  `
}
