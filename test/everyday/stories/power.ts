import type { Allowance, Story } from '../support/run-story.ts'
import type { Stack } from '../support/stack.ts'
import { offerNewerPackages } from '../support/newer-packages.ts'

/** A server that loses its power. */
interface Loss {
  /** As the table calls it. */
  readonly what: string
  readonly find: (stack: Stack) => Promise<string>
  /** Nothing unless stated. */
  readonly mayFail?: Allowance
}

const named =
  (name: string): Loss['find'] =>
  () =>
    Promise.resolve(name)
const unrepeatable: Allowance = { what: 'unrepeatable', seconds: 0.2 }
const any: Allowance = { what: 'any', seconds: 0.2 }

/** With the app server that is being worked on, where there is one: app-1. */
export const thatServer: Loss = { what: 'that server itself', find: named('app-1'), mayFail: unrepeatable }
export const appServer: Loss = { what: 'an app server', find: named('app-2'), mayFail: unrepeatable }
/** While app-1 steps aside: until it is put back, nobody serves. */
export const onlyOtherAppServer: Loss = {
  what: 'the only other app server',
  find: named('app-2'),
  mayFail: { what: 'any', seconds: 15 },
}
export const webServer: Loss = { what: 'a web server', find: named('web-2'), mayFail: unrepeatable }
/** What it was passing on is lost with it: there is nobody to send it again. */
export const holder: Loss = {
  what: 'the balancer with the address',
  find: async ({ status }) => (await status()).balancer.holder!,
  mayFail: any,
}
/** The app asks again for six seconds; on a busy computer that may be too short. */
export const primary: Loss = {
  what: 'the primary',
  find: async ({ status }) => (await status()).database.leader!,
  mayFail: { what: 'any', seconds: 1 },
}
export const replica: Loss = {
  what: 'a replica',
  find: async ({ status }) => {
    const { servers, database } = await status()
    return servers.find(({ tier, name }) => tier === 'database' && name !== database.leader)!.name
  },
}

interface PowerCut {
  readonly loss: Loss
  /** What the operator does meanwhile: in words, and to the command. */
  readonly during: string
  readonly words: readonly string[]
  readonly prepare?: (stack: Stack) => Promise<void>
  /** The power goes once the command has said that. */
  readonly once?: string
  /** What goes on with it, where it stopped because of that; the server is back, and `up` has run. */
  readonly goOn?: readonly string[]
  /** What ends it in any case. */
  readonly end?: readonly string[]
}

/** A server loses its power in the middle of a verb; when it is back, `up` puts right what is left to do. */
function powerCut({ loss, during, words, prepare, once = 'Wave 1 of', goOn, end }: PowerCut): Story {
  const { what, find, mayFail } = loss
  return {
    name: `${what} loses power during ${during}`,
    ...(mayFail && { mayFail }),
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

export const cutDuringDeploy = (loss: Loss): Story =>
  powerCut({ loss, during: 'a deploy', words: ['deploy'], prepare: ({ changeApp }) => changeApp() })

/** Of two releases, so that there is one to go back to. */
export const cutDuringRollback = (loss: Loss): Story =>
  powerCut({
    loss,
    during: 'a rollback',
    words: ['rollback'],
    prepare: async ({ changeApp, run }) => {
      await changeApp()
      await run('deploy')
    },
  })

/** Of an app server, in a tier of two. Where the other one is lost, the drained one is put back. */
export const cutDuringDrain = (loss: Loss): Story =>
  powerCut({ loss, during: 'the drain of an app server', words: ['drain', 'app-1'], end: ['undrain', 'app-1'] })

export const cutDuringUndrain = (loss: Loss): Story =>
  powerCut({
    loss,
    during: 'the undrain of an app server',
    words: ['undrain', 'app-1'],
    prepare: async ({ run }) => void (await run('drain', 'app-1')),
    end: ['undrain', 'app-1'],
  })

/** A rolling operation stops where the stack is not well enough for the next step; run again, it goes on. */
export const cutDuringReboot = (loss: Loss): Story =>
  powerCut({ loss, during: 'reboot app', words: ['reboot', 'app'], once: 'app-1  drained', goOn: ['reboot'] })

export const cutDuringUpgrade = (loss: Loss): Story =>
  powerCut({
    loss,
    during: 'upgrade app',
    words: ['upgrade', 'app'],
    prepare: offerNewerPackages,
    once: 'app-1  drained',
    goOn: ['upgrade'],
  })

/** The visitors are those who are let in. */
export const cutDuringMaintenance = (loss: Loss): Story =>
  powerCut({
    loss,
    during: 'maintenance on',
    words: ['maintenance', 'on', '--allow', '198.18.0.0/15'],
    end: ['maintenance', 'off'],
  })

export const cutDuringScale = (loss: Loss, tier: string, count: number): Story =>
  powerCut({
    loss,
    during: `scale ${tier} ${count}`,
    words: ['scale', tier, String(count)],
    once: 'Wave 2 of',
  })
