import { connect } from 'node:net'

/** What became of a connection that was tried: nothing came back where it is silent. */
export type Tried = 'open' | 'refused' | 'silent'

/** Tries a connection of TCP from this computer, and closes it as soon as it is open. */
export type TryPort = (address: string, port: number) => Promise<Tried>

const patienceMilliseconds = 1500

/** Without the proxy that the environment may name. */
export const tryPort: TryPort = (address, port) =>
  new Promise((resolve) => {
    const socket = connect({ host: address, port, timeout: patienceMilliseconds })
    const end = (seen: Tried) => (): void => {
      socket.destroy()
      resolve(seen)
    }
    socket.once('connect', end('open')).once('timeout', end('silent'))
    socket.once('error', ({ code }: NodeJS.ErrnoException) => end(code === 'ETIMEDOUT' ? 'silent' : 'refused')())
  })
