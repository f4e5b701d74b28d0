import { DomainError, problemOf } from '../errors.ts'
import { NextcloudError, type Variant } from '../nextcloud/errors.ts'
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
  'credentials-refused'
])

/** What a step's exception means for the operation. */
export function explain(error: unknown, step: Step, operation: Operation): StepResult {
  if (error instanceof NextcloudError) {
    const { variant, problem, until } = error
    if (passing.has(variant)) return { kind: 'wait', problem, ...(until && { until }) }
    if (variant === 'effect-unknown') return again(step, operation, problem)
    return { kind: 'refused', problem }
  }
  if (error instanceof DomainError) return { kind: 'refused', problem: error.problem }
  return again(
    step,
    operation,
    problemOf('internal-error', `Locksmith itself failed at "${step.name}"; its log says more.`)
  )
}

function again(step: Step, operation: Operation, problem: NextcloudError['problem']): StepResult {
  return 'safe' in step.repeat ? { kind: 'wait', problem } : interrupted(step, operation)
}

/** A step that may be done once at most was found started: nobody can tell whether it was done. */
export function interrupted(step: Step, operation: Operation): StepResult {
  if ('safe' in step.repeat) throw new Error(`${step.name} may be repeated`)
  return step.repeat.unknown(operation, outcomeOf(operation.steps))
}
