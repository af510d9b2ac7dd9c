/** A word of a command, such as a path of the folder, as a shell reads it; variables stay what they are. */
export const shellWord = (word: string): string =>
  /^[\w@%+=:,./$-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`
