import { appendFileSync } from 'node:fs'
import { createServer } from 'node:http'

/** Answers, unless the path says how its process is to end; then it notes first for which request that was. */
const ends = {
  kill: () => process.kill(process.pid, 'SIGKILL'),
  exit: () => process.exit(1),
  cut: (request) => request.socket.destroy(),
}

createServer((request, response) => {
  const end = ends[request.url.split('/')[2]]
  if (end === undefined) {
    response.end('well')
    return
  }
  appendFileSync('/var/cache/app/harmed', `${String(request.headers['x-request-id'])}\n`)
  end(request)
}).listen(process.env.PORT)
