import { setTimeout as sleep } from 'node:timers/promises'
import { TrimaranError } from '../errors/failure.ts'
import { sh } from '../shell/sh.ts'
import type { Server } from '../stack/stack.ts'
import type { Connection } from '../transport/transport.ts'

type Connect = (server: Server) => Promise<Connection>

/** Physical servers may take minutes until their firmware has started. */
const deadlineSeconds = 600

/** Restarts a server and waits until it answers again; false where it does not within ten minutes. */
export async function restartServer(server: Server, connect: Connect): Promise<boolean> {
  const before = await runsSince(server, connect)
  await restart(server, connect)
  const deadline = performance.now() + deadlineSeconds * 1000
  while (performance.now() < deadline) {
    await sleep(500)
    const now = await runsSince(server, connect).catch(tolerate)
    if (now !== undefined && now !== before) return true
  }
  return false
}

/** An id that changes at each boot. */
async function runsSince(server: Server, connect: Connect): Promise<string> {
  const connection = await connect(server)
  const question = sh`echo "$(cat /proc/sys/kernel/random/boot_id) $(cut -d' ' -f22 /proc/1/stat)"`
  return (await connection.run(question.text, { deadlineSeconds: 10 })).stdout.trim()
}

/** Runs in a separate unit, so that it goes on when the connection breaks. */
async function restart(server: Server, connect: Connect): Promise<void> {
  const connection = await connect(server)
  await connection
    .run(sh`systemd-run --quiet --no-block --collect systemctl reboot`.text, { deadlineSeconds: 10 })
    .catch(tolerate)
}

function tolerate(error: unknown): undefined {
  if (!(error instanceof TrimaranError)) throw error
  return undefined
}
