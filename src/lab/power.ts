import { writeFile } from 'node:fs/promises'
import { withLock } from './lock.ts'
import { bootMachine, killMachine, waitForSsh } from './machine.ts'
import { labFiles, serverFiles } from './paths.ts'
import { machineStateOf } from './cgroup.ts'
import { demandServer } from './state.ts'

/**
 * Powers a server off as if its plug was pulled: peers receive nothing, and nothing is saved or closed. Its disk stays,
 * with all that was written to it, and it stays off, also during `labUp`, until `powerOn`. Unlike a real power loss,
 * writes that were never synced are kept, in the computer's own memory.
 * @throws TRI-LAB-004
 */
export async function powerOff(lab: string, server: string): Promise<void> {
  // No lock: a drill measures time, and this conflicts with nothing else.
  const found = await demandServer(lab, server)
  await writeFile(serverFiles(lab, server).switchedOff, '')
  await killMachine(found.state, found.server)
}

/**
 * Boots a server that is off with the disk it had, and waits for its SSH. One that runs is left alone.
 * @throws TRI-LAB-003, TRI-LAB-004
 */
export async function powerOn(lab: string, server: string): Promise<void> {
  await withLock(
    `lab-${lab}`,
    () => {},
    async () => {
      const found = await demandServer(lab, server)
      if ((await machineStateOf(lab, server)) !== 'running') await bootMachine(found.state, found.server)
      await waitForSsh(found.state, found.server)
    },
  )
}

/** How a person, or a program, gets a shell on a lab server; a command may follow. */
export function shellCommand(lab: string, server: string): readonly string[] {
  return ['ssh', '-F', labFiles(lab).sshConfig, server]
}
