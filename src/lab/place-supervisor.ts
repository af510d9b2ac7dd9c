import { chmod, copyFile } from 'node:fs/promises'

/** Places the program that supervises a lab server. Both outlive the process that starts them. */
export async function placeSupervisor(path: string): Promise<void> {
  await copyFile(new URL('files/supervise', import.meta.url), path)
  await chmod(path, 0o755)
}
