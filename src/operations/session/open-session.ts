import type { Tell } from '../../events/event.ts'
import { bootLab, findLab } from './lab-servers.ts'
import { openLabSession, openProject, openSiteSession, type Session, type SessionFlags } from './session.ts'

/**
 * Opens a session on the user's servers or, with `--lab`, on the lab. Verbs that change the stack `boot` what the lab
 * still lacks: its servers are its hardware. Others only `find` it.
 */
export async function openSession(flags: SessionFlags, lab: 'boot' | 'find', tell: Tell): Promise<Session> {
  const project = await openProject(flags)
  if (!flags.lab) return await openSiteSession(project, tell)
  return await openLabSession(project, lab === 'boot' ? await bootLab(project, tell) : await findLab(project))
}
