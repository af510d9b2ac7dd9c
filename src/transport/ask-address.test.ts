import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { createServer as createPlainServer } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { askOverHttp, nothingCame } from './ask-address.ts'

const question = { address: '127.0.0.1', path: '/up', host: 'www.example.com', seconds: 0.3 }
let server: Server | ReturnType<typeof createPlainServer> | undefined
afterEach(() => void server?.close())

async function listening(): Promise<number> {
  server!.listen(0, '127.0.0.1')
  await once(server!, 'listening')
  return (server!.address() as { readonly port: number }).port
}

it('tells the status that the site answers, asked by its name', async () => {
  server = createServer(({ url, headers }, answer) => {
    answer.statusCode = url === '/up' && headers.host === 'www.example.com' ? 204 : 400
    answer.end()
  })
  expect(await askOverHttp({ ...question, port: await listening() })).toBe(204)
})

it('tells one that says nothing from one that is not there', async () => {
  server = createPlainServer((socket) => socket.resume())
  const port = await listening()
  expect(await askOverHttp({ ...question, port })).toBe(`${nothingCame} for 0.3 s`)
})

it('says why there was no connection', async () => {
  server = createServer()
  const port = await listening()
  server.close()
  expect(await askOverHttp({ ...question, port })).toContain('ECONNREFUSED')
})
