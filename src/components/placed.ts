import { trimaran } from '../speech/suggested-command.ts'

/** The first line of every file that Trimaran places. */
export const placedByTrimaran = `# Placed by Trimaran; the next ${trimaran('up')} replaces changes made here.`
