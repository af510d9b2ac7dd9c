import { request } from 'node:http'

/** The status of an answer to one request, or why there was none. */
export type Status = number | string

export interface AddressQuestion {
  readonly address: string
  readonly path: string
  /** The name of the site that is asked for. */
  readonly host: string
  readonly seconds: number
  /** 80 unless stated. */
  readonly port?: number
}

/** Asks an address over HTTP, as a visitor does, from this computer. */
export type AskAddress = (question: AddressQuestion) => Promise<Status>

/** How it begins where there was a connection and no answer. */
export const nothingCame = 'nothing came'

/** In a connection of its own, past any proxy that the environment names. */
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
