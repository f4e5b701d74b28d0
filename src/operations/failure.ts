import { DomainError, problemOf } from '../errors.ts'
import { NextcloudError, type Variant } from '../nextcloud/errors.ts'
import { RevocationError } from '../revocation/errors.ts'
import type { Operation } from './operation.ts'
import { outcomeOf } from './operation.ts'
import type { Step, StepResult } from './step.ts'

/** Trying again later can help: the server is away, busy, or broken in a way that passes. */
const passing: ReadonlySet<Variant> = new Set([
  'down',
  'maintenance',
  'busy',
  'rubbish',
  'session-gone',
  'wrong-password',
  'credentials-refused'
])

/**
 * What a step's exception means for the operation.
 * @param begun whether a step that may be done once at most can have been done
 * @param settleMs how long a call may go on at Nextcloud that we have given up
 */
export function explain(
  error: unknown,
  step: Step,
  operation: Operation,
  begun: boolean,
  settleMs: number
): StepResult {
  if (error instanceof NextcloudError) {
    const { variant, problem, at, afterMs } = error
    const pause = { ...(at && { at }), ...(afterMs !== undefined && { afterMs }) }
    if (passing.has(variant)) return { kind: 'wait', problem, ...pause }
    // What may still arrive must not land after the next try, or after what undoes it.
    if (variant === 'effect-unknown')
      return again(step, operation, problem, begun, { ...pause, afterMs: Math.max(settleMs, afterMs ?? 0) })
    return { kind: 'refused', problem }
  }
  if (error instanceof RevocationError)
    return error.isPassing
      ? { kind: 'wait', problem: error.problem }
      : { kind: 'refused', problem: error.problem }
  if (error instanceof DomainError) {
    // A setting is mended meanwhile.
    const kind = error.code === 'protected-users-unresolved' ? 'wait' : 'refused'
    return { kind, problem: error.problem }
  }
  const problem = problemOf('internal-error', `Locksmith itself failed at "${step.name}"; its log says more.`)
  return again(step, operation, problem, begun, {})
}

function again(
  step: Step,
  operation: Operation,
  problem: NextcloudError['problem'],
  begun: boolean,
  pause: { afterMs?: number }
): StepResult {
  return 'safe' in step.repeat || !begun ? { kind: 'wait', problem, ...pause } : interrupted(step, operation)
}

/** A step that may be done once at most was begun, and nobody can tell whether it was done. */
export function interrupted(step: Step, operation: Operation): StepResult {
  if ('safe' in step.repeat) throw new Error(`${step.name} may be repeated`)
  return step.repeat.unknown(operation, outcomeOf(operation.steps))
}
