import { CommanderError } from 'commander'
import { LocksmithError, LocksmithProblem, LocksmithTimeout, type Operation } from './client.ts'

/** What a command ends with; docs/CLI.md has the table. */
export const exit = {
  done: 0,
  /** Refused, failed, or declined at the question: nothing was changed. */
  refused: 1,
  /** The call, the profile or the list is not right: nothing was begun. */
  usage: 2,
  /** Some of many were refused or failed, or something needs a person to look at it. */
  attention: 3,
  /** Taken, and not over: an approval is awaited, a date, or longer than was to be waited for. */
  pending: 4,
  /** Locksmith does not answer, or the key may not do that. */
  connection: 5,
  interrupted: 130
} as const

export type ExitCode = (typeof exit)[keyof typeof exit]

/** Its message is for the person who typed. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** Asked, and the answer was no. */
export class Declined extends Error {
  override readonly name = 'Declined'
}

/** Ctrl-C, or a signal to end. Its message says how to go on. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted'
}

/** Mended where the key is made, or on the network, and not by another command. */
const ofTheKey = new Set<string>([
  'unauthorized',
  'address-not-allowed',
  'missing-scope',
  'limited-to-groups'
])

export function exitOf(error: unknown): ExitCode {
  if (error instanceof UsageError || error instanceof CommanderError) return exit.usage
  if (error instanceof Interrupted) return exit.interrupted
  if (error instanceof LocksmithTimeout) return exit.pending
  if (error instanceof LocksmithProblem) return ofTheKey.has(error.code) ? exit.connection : exit.refused
  if (error instanceof LocksmithError) return exit.connection
  return exit.refused
}

/** Of an operation that rests, or that was not waited for any longer. */
export function exitOfState(state: Operation['state']): ExitCode {
  if (state === 'succeeded') return exit.done
  if (state === 'failed' || state === 'cancelled') return exit.refused
  return state === 'needs-attention' ? exit.attention : exit.pending
}
