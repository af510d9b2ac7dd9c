import type { Story } from '../support/run-story.ts'
import type { Stack } from '../support/stack.ts'
import { offerNewerPackages } from '../support/newer-packages.ts'

type Find = (stack: Stack) => Promise<string>

interface PowerCut {
  /** The server as the table calls it, and which one that is. */
  readonly what: string
  readonly find: Find
  /** What the operator does meanwhile: in words, and to the command. */
  readonly during: string
  readonly words: readonly string[]
  readonly prepare?: (stack: Stack) => Promise<void>
  /** The power goes once the command has said that. */
  readonly once?: string
  /** What goes on with it, where it stopped because of that; the server is back, and `up` has run. */
  readonly goOn?: readonly string[]
  /** 5 unless stated. */
  readonly mayFailSeconds?: number
  /** What ends it in any case. */
  readonly end?: readonly string[]
}

/** A server loses its power in the middle of a verb; when it is back, `up` puts right what is left to do. */
function powerCut({
  what,
  find,
  during,
  words,
  prepare,
  once = 'Wave 1 of',
  goOn,
  end,
  mayFailSeconds = 5,
}: PowerCut): Story {
  return {
    name: `${what} loses power during ${during}`,
    mayFailSeconds,
    ...(prepare && { prepare }),
    work: async (stack) => {
      const server = await find(stack)
      const running = stack.project.start(...words, '--lab', '--yes')
      await running.said(once)
      await stack.power('off', server)
      const { code } = await running.ended.finally(() => stack.power('on', server))
      await stack.run('up')
      if (code !== 0 && goOn !== undefined) await stack.run(...goOn)
      if (end !== undefined) await stack.run(...end)
      return `${server} was off, ${words[0]} ended with ${code}`
    },
  }
}

export const cutDuringDeploy = (what: string, find: Find): Story =>
  powerCut({ what, find, during: 'a deploy', words: ['deploy'], prepare: ({ changeApp }) => changeApp() })

/** Of two releases, so that there is one to go back to. */
export const cutDuringRollback = (what: string, find: Find): Story =>
  powerCut({
    what,
    find,
    during: 'a rollback',
    words: ['rollback'],
    prepare: async ({ changeApp, run }) => {
      await changeApp()
      await run('deploy')
    },
  })

/** Of an app server, in a tier of two. Where the other one is lost, the drained one is put back. */
export const cutDuringDrain = (what: string, find: Find, mayFailSeconds?: number): Story =>
  powerCut({
    ...(mayFailSeconds !== undefined && { mayFailSeconds }),
    what,
    find,
    during: 'the drain of an app server',
    words: ['drain', 'app-1'],
    end: ['undrain', 'app-1'],
  })

/** A round stops where the stack is not well enough for the next turn; run again, it goes on. */
export const cutDuringReboot = (what: string, find: Find): Story =>
  powerCut({ what, find, during: 'reboot app', words: ['reboot', 'app'], once: 'app-1  drained', goOn: ['reboot'] })

export const cutDuringUpgrade = (what: string, find: Find): Story =>
  powerCut({
    what,
    find,
    during: 'upgrade app',
    words: ['upgrade', 'app'],
    prepare: offerNewerPackages,
    once: 'app-1  drained',
    goOn: ['upgrade'],
  })

/** The visitors are those who are let in. */
export const cutDuringMaintenance = (what: string, find: Find): Story =>
  powerCut({
    what,
    find,
    during: 'maintenance on',
    words: ['maintenance', 'on', '--allow', '198.18.0.0/15'],
    end: ['maintenance', 'off'],
  })

export const cutDuringScale = (what: string, find: Find, words: readonly [tier: string, count: string]): Story =>
  powerCut({ what, find, during: `scale ${words.join(' ')}`, words: ['scale', ...words], once: 'Wave 2 of' })

export const named =
  (name: string): Find =>
  () =>
    Promise.resolve(name)
export const holder: Find = async ({ status }) => (await status()).balancer.holder!
export const primary: Find = async ({ status }) => (await status()).database.leader!
export const replica: Find = async ({ status }) => {
  const { servers, database } = await status()
  return servers.find(({ tier, name }) => tier === 'database' && name !== database.leader)!.name
}
