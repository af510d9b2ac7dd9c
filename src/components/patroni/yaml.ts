/** A value as YAML: JSON's way of writing it is YAML too. */
export const yamlValue = (value: string | number | boolean): string => JSON.stringify(value)

/** A line of a rendered YAML file, with the reason above it where there is one to give. */
export interface Entry {
  readonly name: string
  readonly value: string | number | boolean
  readonly why?: string
}

/** Lines `name: value` of a mapping, indented by so many spaces. */
export function yamlLines(entries: readonly Entry[], indent: number): string {
  const margin = ' '.repeat(indent)
  return entries
    .flatMap(({ name, value, why }) => [
      ...(why === undefined ? [] : [`${margin}# ${why}`]),
      `${margin}${name}: ${yamlValue(value)}`,
    ])
    .join('\n')
}
