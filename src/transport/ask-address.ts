import { request } from 'node:http'

/** The status of an answer to one request, or why there was none. */
export type Status = number | string

export interface AddressQuestion {
  readonly address: string
  readonly path: string
  /** The name of the site, for the Host header. */
  readonly host: string
  readonly seconds: number
  /** 80 unless stated. */
  readonly port?: number
}

/** Asks an address over HTTP, as a visitor does, from this computer. */
export type AskAddress = (question: AddressQuestion) => Promise<Status>

/** How the reason begins where there was a connection but no answer. */
export const nothingCame = 'nothing came'

/** Sends one request in a new connection, without the proxy that the environment may name. */
export const askOverHttp: AskAddress = ({ address, path, host, seconds, port = 80 }) =>
  new Promise((resolve) => {
    const asking = request({ host: address, port, path, headers: { host, 'user-agent': 'trimaran' }, agent: false })
    let isConnected = false
    asking.on('socket', (socket) => socket.once('connect', () => (isConnected = true)))
    const late = (): string => (isConnected ? `${nothingCame} for ${seconds} s` : `no connection within ${seconds} s`)
    const timer = setTimeout(() => asking.destroy(new Error(late())), seconds * 1000)
    const end = (status: Status): void => {
      clearTimeout(timer)
      resolve(status)
    }
    asking.on('response', (answer) => {
      answer.destroy()
      end(answer.statusCode ?? 'no status')
    })
    asking.on('error', ({ message }) => end(message))
    asking.end()
  })
