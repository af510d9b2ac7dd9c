import { Buffer } from 'node:buffer'
import { z } from 'zod'
import { lines, sh } from '../shell/sh.ts'
import type { Condition, Step } from './resource.ts'
import type { ResourceKind } from './resource-kind.ts'
import { rowsOf } from './rows.ts'
import * as said from './said.ts'
import { conditionsFolder } from './state-folder.ts'

export interface ConditionFact {
  readonly holds: boolean
  /** Where it does not hold: whether the server that leads must be the first on which it is made true. */
  readonly leaderFirst?: boolean
  /** The wanted values when it was last made true; absent where it never was. */
  readonly remembered?: string
  /** Where it does not hold: what it said of that. */
  readonly said?: string
}

const longestSaying = 200

/** How `holds` ends where it is false, and the server that leads must come first. */
export const leaderFirstCode = 3

const fileOf = (name: string): string => `${conditionsFolder}/${name.replaceAll(/[^\w.-]/g, '-')}`

/** Conditions: asked whether they hold, made true where they do not or where something else is wanted of them now. */
export const conditionKind: ResourceKind<Condition, ConditionFact> = {
  kind: 'condition',
  phase: 'confirm',
  plural: 'conditions',
  describe: ({ action, name }) => `${action} ${name}`,
  summarise: (steps) => steps.map(({ action, name }) => `${action}s ${name}`).join(', '),
  name: (resource) => resource.name,
  ask: (resources) =>
    lines(
      resources.map(
        ({ name, holds }) => sh`
          holds() { ${holds}
          }
          said=$( ( holds ) 2>/dev/null )
          case $? in 0) state=holds ;; ${leaderFirstCode}) state=leader-first ;; *) state=fails ;; esac
          printf '%s\t%s\t%s\t%s\n' ${name} $state "$([ -e ${fileOf(name)} ] && base64 -w0 ${fileOf(name)} && echo .)" \
            "$(printf '%.400s' "$said" | base64 -w0)"
        `,
      ),
    ),
  read: (answer) =>
    new Map(
      rowsOf(answer).flatMap(([name, state, remembered, said]) =>
        remembered === undefined ? [] : [[name!, readFact(state!, remembered, said ?? '')] as const],
      ),
    ),
  fact: z.strictObject({
    holds: z.boolean(),
    leaderFirst: z.boolean().exactOptional(),
    remembered: z
      .string()
      .max(65_536)
      .regex(/^[\n\x20-\x7e]*$/)
      .exactOptional(),
    said: said.text(longestSaying).exactOptional(),
  }),
  close: (desired, facts) => desired.flatMap((condition) => closeOne(condition, facts.get(condition.name))),
}

function readFact(state: string, encoded: string, saying: string): ConditionFact {
  const words = plain(Buffer.from(saying, 'base64').toString())
  return {
    holds: state === 'holds',
    ...(state === 'leader-first' && { leaderFirst: true }),
    // The full stop tells a file that is empty from one that is not there.
    ...(encoded !== '' && { remembered: Buffer.from(encoded.slice(0, -1), 'base64').toString() }),
    ...(state !== 'holds' && words !== '' && { said: words }),
  }
}

/** Text of a server for the operator: a few plain words, without terminal control characters. */
const plain = (text: string): string =>
  text
    .replaceAll(/[^\w .,:;/+-]+/g, ' ')
    .replaceAll(/ +/g, ' ')
    .trim()
    .slice(0, longestSaying)

function closeOne(condition: Condition, fact: ConditionFact | undefined): readonly Step[] {
  const { name, action, wanted, make, disturbs, reason, phase } = condition
  const isFirst = fact?.remembered === undefined && wanted !== undefined
  const differing = isFirst || wanted === undefined ? [] : namesOfDifferences(fact?.remembered ?? '', wanted)
  if (fact?.holds !== false && !isFirst && differing.length === 0) return []
  const isLower = (one: string): boolean =>
    condition.lowerOnLeaderFirst?.includes(one) === true &&
    valueOf(one, wanted ?? '') < valueOf(one, fact?.remembered ?? '')
  return [
    {
      kind: 'condition',
      name,
      // Where it was never made true there is nothing to restart yet; it is looked at, and remembered.
      action: isFirst && action === 'restart' ? 'check' : action,
      reason:
        differing.length > 0 ? differing.join(', ') : fact?.said === undefined ? reason : `${reason}: ${fact.said}`,
      disturbs: isFirst ? 'nothing' : disturbs,
      // The first time there is nothing from before that would have to be left until the end.
      ...(phase !== undefined && !isFirst && { phase }),
      ...(!isFirst && (fact?.leaderFirst === true || differing.some(isLower)) && { leaderFirst: true }),
      apply: lines([sh`first=${isFirst ? 'yes' : 'no'}`, make, wanted === undefined ? sh`` : remember(name, wanted)]),
    },
  ]
}

const valueOf = (name: string, rows: string): number =>
  Number(
    rows
      .split('\n')
      .find((row) => row.startsWith(`${name}=`))
      ?.slice(name.length + 1),
  )

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
