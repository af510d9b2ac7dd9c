/** The rows of an answer, one a line, with their fields, which tabs part. */
export const rowsOf = (answer: string): readonly string[][] => answer.split('\n').map((line) => line.split('\t'))
