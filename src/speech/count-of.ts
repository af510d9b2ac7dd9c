const smallNumbers = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten']

/** `one server`, `three servers`, `12 servers`. */
export function countOf(count: number, noun: string): string {
  return `${smallNumbers[count] ?? count} ${noun}${count === 1 ? '' : 's'}`
}
