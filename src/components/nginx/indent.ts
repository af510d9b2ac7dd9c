/** Joins sections of a config, an empty line between them, moved in by so many levels of four spaces. */
export const indent = (levels: number, sections: readonly string[]): string =>
  sections.map((section) => section.replaceAll(/^(?=.)/gm, ' '.repeat(4 * levels))).join('\n\n')
