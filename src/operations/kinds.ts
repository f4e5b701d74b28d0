import type { Kind, Operation, StepRow } from './operation.ts'
import { resetSteps } from './reset.ts'
import { resetMailSteps } from './reset-mail.ts'
import type { Step } from './step.ts'

const stepsByKind: Record<Kind, Step[]> = { reset: resetSteps, 'reset-mail': resetMailSteps }

/** The steps of a kind, in their order. */
export const stepsOf = (kind: Kind): Step[] => stepsByKind[kind]

/**
 * `failed` and `cancelled` promise that nothing was changed, by this operation or by one that it superseded: so
 * they may not follow any try of a step that can have had an effect, in this round or, after a retry, in an
 * earlier one.
 * @param refused a step that was tried just now, and surely did nothing
 */
export function hasTouched(operation: Operation, refused?: StepRow): boolean {
  const steps = stepsOf(operation.kind)
  const tries = ({ position, attempts }: StepRow) =>
    position === refused?.position ? attempts - 1 : attempts
  return (
    operation.supersedes || operation.steps.some((row) => !steps[row.position]!.readOnly && tries(row) > 0)
  )
}
