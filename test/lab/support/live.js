// A program of the stack in test/lab/traffic.test.ts: who answers, slow answers, a stream of events, a WebSocket echo.
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'

const { PORT, TRIMARAN_SERVER: server } = process.env
const answers = {
  '/live/up': (request, response) => response.end('up'),
  '/live/who': (request, response) =>
    response.end(JSON.stringify({ server, port: PORT, cookie: request.headers.cookie })),
  '/live/slow': (request, response, { searchParams }) =>
    setTimeout(() => response.end(server), Number(searchParams.get('ms'))),
  '/live/events': (request, response, { searchParams }) => {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
    const send = () => response.write(`data: ${Date.now()}\n\n`)
    send()
    const timer = setInterval(send, Number(searchParams.get('every') ?? 1000))
    response.on('close', () => clearInterval(timer))
  },
}

const live = createServer({ keepAliveTimeout: 75_000 }, (request, response) => {
  const url = new URL(request.url, 'http://live')
  const answer = answers[url.pathname]
  if (answer === undefined) response.writeHead(404).end()
  else answer(request, response, url)
})

// Short text frames are all that it needs to understand (RFC 6455).
live.on('upgrade', (request, socket) => {
  const accept = createHash('sha1').update(
    `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`,
  )
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept.digest('base64')}\r\n\r\n`,
  )
  socket.on('error', () => {})
  socket.on('data', (frame) => {
    const opcode = frame[0] & 0x0f
    const length = frame[1] & 0x7f
    const mask = frame.subarray(2, 6)
    const payload = Buffer.from(frame.subarray(6, 6 + length).map((byte, index) => byte ^ mask[index % 4]))
    const text = opcode === 1 ? Buffer.from(`${server}: ${payload.toString()}`) : payload
    if (opcode === 1 || opcode === 8) socket.write(Buffer.concat([Buffer.from([0x80 | opcode, text.length]), text]))
    if (opcode === 8) socket.end()
  })
})

live.listen(PORT)
process.on('SIGTERM', () => process.exit(0))
