import { mostRead, type ReadFolder } from './read-folder.ts'

/** Sentences on what of a folder was not considered, since it could not be read, or is too much. */
export const tellLimits = ({ unreadable, leftOut }: Omit<ReadFolder, 'folder'>): readonly string[] => [
  ...(unreadable.length === 0
    ? []
    : [`${unreadable.slice(0, 3).join(', ')} could not be read: what it says was not considered`]),
  ...(leftOut.names
    ? [`the folder is large: only its first ${count(mostRead.entries)} names, from the top down, were considered`]
    : []),
  ...(leftOut.texts === 0
    ? []
    : [
        `${count(mostRead.texts)} files were read, those near the top first; what ${count(leftOut.texts)} others say was not considered`,
      ]),
]

const count = (number: number): string => number.toLocaleString('en-US')
