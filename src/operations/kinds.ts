import type { Operation, StepRow } from './operation.ts'
import { stepsByName } from './plan.ts'
import type { Step } from './step.ts'

export const stepOf = ({ name }: Pick<StepRow, 'name'>): Step => {
  const step = stepsByName.get(name)
  if (!step) throw new Error(`no step "${name}"`)
  return step
}

/**
 * `failed` and `cancelled` promise that nothing was changed, by this operation or by one that it superseded: so
 * they may not follow any try of a step that can have had an effect, in this round or, after a retry, in an
 * earlier one.
 * @param refused a step that was tried just now, and surely did nothing
 */
export function hasTouched(operation: Pick<Operation, 'steps' | 'supersedes'>, refused?: StepRow): boolean {
  const tries = ({ position, attempts }: StepRow) =>
    position === refused?.position ? attempts - 1 : attempts
  return operation.supersedes || operation.steps.some((row) => !stepOf(row).readOnly && tries(row) > 0)
}

/** Whether one of the steps after the check was tried: then their order stays. */
export const hasBegun = ({ steps }: Pick<Operation, 'steps'>) =>
  steps.some(({ position, attempts }) => position > 0 && attempts > 0)

/** The step with which the while ends that this one opens, where it does. */
export const endOf = (row: StepRow, rows: StepRow[]): StepRow | undefined =>
  rows.find(({ name, position }) => name === stepOf(row).opens?.until && position > row.position)

/** The step that has let the user in, or may have, and whose end has not come. */
export const openedBy = (rows: StepRow[]): StepRow | undefined =>
  rows.find((row) => row.state !== 'pending' && (endOf(row, rows)?.state ?? 'done') !== 'done')

/** A leaver is locked out as far as it goes: what one step cannot do keeps no other one from being done. */
export const goesOnAfter = ({ kind }: Pick<Operation, 'kind'>, { position }: StepRow) =>
  kind === 'offboard' && position > 0
