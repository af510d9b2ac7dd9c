import type { ServerFacts } from '../../stack/host-facts.ts'

export interface Workers {
  /** One worker process for each core. */
  readonly processes: number
  /** Connections of one worker; a proxied request needs two of them. */
  readonly connections: number
  /** File descriptors of one worker: its connections, the files that it sends, and the uploads that it buffers. */
  readonly descriptors: number
}

const bytesPerConnection = 32 * 1024
const fewestConnections = 1024
const mostConnections = 16384

/** How many connections nginx may have: from a quarter of the server's memory, shared evenly by its workers. */
export function tuneWorkers({ cores, memoryBytes }: Pick<ServerFacts, 'cores' | 'memoryBytes'>): Workers {
  const processes = Math.max(1, cores)
  const affordable = 2 ** Math.floor(Math.log2(memoryBytes / 4 / bytesPerConnection / processes))
  const connections = Math.min(Math.max(affordable, fewestConnections), mostConnections)
  return { processes, connections, descriptors: connections * 2 }
}
