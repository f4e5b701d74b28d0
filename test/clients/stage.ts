import type { Test } from 'tap'
import { createLocksmith, LocksmithProblem, type Options } from '../../clients/typescript/src/index.ts'
import { firstKey, type Options as StartOptions, startLocksmith } from '../support/locksmith.ts'

export const anna = { id: 'anna', password: 'Old-Password-4711', email: 'anna@example.org' }
export const ofAnna = { params: { path: { userId: 'anna' } } }

/** A Locksmith with anna in it, and a client. */
export async function startClient(t: Test, start: StartOptions = {}, options: Partial<Options> = {}) {
  const here = await startLocksmith(t, start)
  here.sandbox.createUser(anna)
  return { ...here, locksmith: createLocksmith({ url: here.url, apiKey: firstKey, ...options }) }
}

/** What it was refused with. */
export async function problemOf(call: Promise<unknown>): Promise<LocksmithProblem> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown
  )
  if (error instanceof LocksmithProblem) return error
  throw new Error('no problem was thrown', { cause: error })
}
