/** Joins sections of a config with empty lines between them, indented by levels of four spaces. */
export const indent = (levels: number, sections: readonly string[]): string =>
  sections.map((section) => section.replaceAll(/^(?=.)/gm, ' '.repeat(4 * levels))).join('\n\n')
