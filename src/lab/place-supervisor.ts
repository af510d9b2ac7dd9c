import { chmod, copyFile } from 'node:fs/promises'

/** Puts the program beside a lab server that keeps it. The server outlives whoever starts it, and so does its program. */
export async function placeSupervisor(path: string): Promise<void> {
  await copyFile(new URL('files/supervise', import.meta.url), path)
  await chmod(path, 0o755)
}
