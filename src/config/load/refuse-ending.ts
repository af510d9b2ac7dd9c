/**
 * Runs something of the user's that may end the process, or wait for what never comes. Either would end the command without
 * a word, so both become an error that can be told.
 */
export async function refuseEnding<Result>(run: () => Promise<Result>): Promise<Result> {
  const exit = Object.getOwnPropertyDescriptor(process, 'exit')!
  const stuck = Promise.withResolvers<never>()
  const onIdle = (): void => stuck.reject(new Error('it waits for a promise that never settles'))
  process.once('beforeExit', onIdle)
  process.exit = () => {
    throw new Error('it calls process.exit, which would end the command; throw an error to refuse')
  }
  try {
    return await Promise.race([run(), stuck.promise])
  } finally {
    process.off('beforeExit', onIdle)
    Object.defineProperty(process, 'exit', exit)
  }
}
