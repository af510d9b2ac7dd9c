import type { Story } from '../support/run-story.ts'
import type { Stack } from '../support/stack.ts'

type Find = (stack: Stack) => Promise<string>

/** A server loses its power in the middle of a verb; when it is back, `up` puts right what is left to do. */
const powerCut = (what: string, find: Find, during: string, words: readonly string[]): Story => ({
  name: `${what} loses power during ${during}`,
  mayFailSeconds: 5,
  work: async (stack) => {
    const [verb, drained] = words
    if (verb === 'deploy') await stack.changeApp()
    const server = await find(stack)
    const running = stack.project.start(...words, '--lab', '--yes')
    await running.said('Wave 1 of')
    await stack.power('off', server)
    const { code } = await running.ended.finally(() => stack.power('on', server))
    await stack.run('up')
    if (drained !== undefined) await stack.run('undrain', drained)
    return `${server} was off, ${verb} ended with ${code}`
  },
})

export const cutDuringDeploy = (what: string, find: Find): Story => powerCut(what, find, 'a deploy', ['deploy'])
/** Of an app server: the others of its tier must live, or nobody serves. */
export const cutDuringDrain = (what: string, find: Find): Story =>
  powerCut(what, find, 'the drain of an app server', ['drain', 'app-1'])

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
