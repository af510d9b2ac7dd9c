import { z } from 'zod'
import { configSchema } from './schema.ts'

type Keys = readonly (string | number)[]

/** The settings that may stand at a place of the config: `servers`, `root`, `uploadLimit` for `web`. */
export function settingsAt(keys: Keys): readonly string[] {
  const here = keys.reduce<readonly z.core.$ZodType[]>(
    (schemas, key) => schemas.flatMap((one) => step(one, key)),
    [configSchema],
  )
  return here.flatMap(branches).flatMap((one) => (one instanceof z.ZodObject ? Object.keys(one.shape) : []))
}

/** The sections that have a setting of this name, as paths: `app` for `start`; `''` for `name`. */
export function sectionsWith(setting: string): readonly string[] {
  const sections = ['', ...settingsAt([])]
  return sections.filter((section) => settingsAt(section === '' ? [] : [section]).includes(setting))
}

/** Every name of a setting in any section. */
export function allSettings(): readonly string[] {
  const sections = settingsAt([])
  return [...new Set([...sections, ...sections.flatMap((section) => settingsAt([section]))])]
}

function step(schema: z.core.$ZodType, key: string | number): readonly z.core.$ZodType[] {
  return branches(schema).flatMap((one) => {
    if (one instanceof z.ZodObject) {
      const shape: Readonly<Record<string, z.core.$ZodType>> = one.shape
      return Object.hasOwn(shape, key) ? [shape[key]!] : []
    }
    if (one instanceof z.ZodRecord) return [one.valueType]
    return one instanceof z.ZodArray ? [one.element] : []
  })
}

/** The schemas behind defaults, optional marks, transformations and unions. */
function branches(schema: z.core.$ZodType): readonly z.core.$ZodType[] {
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(branches)
  if (schema instanceof z.ZodPipe) return branches(schema.in)
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) return branches(schema.unwrap())
  if (schema instanceof z.ZodExactOptional || schema instanceof z.ZodOptional) return branches(schema.unwrap())
  return [schema]
}
