import { appendAudit } from '../audit/audit.sql.ts'
import type { Db } from '../db/pool.ts'
import { rewindSteps } from './claim.sql.ts'
import { hasBegun } from './kinds.ts'
import { findOperation, replaceSteps, skipSteps } from './operation.sql.ts'
import type { Operation, StepRow } from './operation.ts'
import { about } from './record.ts'
import type { Planned } from './step.ts'

/**
 * Now that the user is known, so are the steps. Once one of them was tried their order stays; what could not be
 * done then, and can be now, is done.
 * @returns the steps as they are from now on
 */
export async function applyPlan(tx: Db, operation: Operation, plan: Planned[]): Promise<StepRow[]> {
  const { id, steps } = operation
  const names = plan.map(({ step }) => step.name)
  const isSame = names.length === steps.length && names.every((name, at) => steps[at]!.name === name)
  const rows = isSame || hasBegun(operation) ? steps : await anew(tx, id, names)
  const nots = new Map(plan.flatMap(({ step, not }) => (not ? [[step.name, not] as const] : [])))
  const skipped = rows.flatMap((row) => {
    const not = nots.get(row.name)
    return not && (row.state === 'pending' || row.state === 'skipped') ? [{ row, ...not }] : []
  })
  const revived = rows.filter(({ name, state, problem }) => state === 'skipped' && problem && !nots.has(name))
  if (skipped.length + revived.length === 0) return rows
  await skipSteps(tx, id, skipped)
  await rewindSteps(
    tx,
    id,
    revived.map(({ position }) => position)
  )
  for (const { row, outcome, problem } of skipped) {
    const details = { step: row.name, attempt: row.attempts, outcome, problem }
    await appendAudit(tx, { ...about(operation), action: 'step.skipped', details })
  }
  return (await findOperation(tx, id))!.steps
}

async function anew(tx: Db, id: string, names: string[]): Promise<StepRow[]> {
  await replaceSteps(tx, id, names)
  return (await findOperation(tx, id))!.steps
}
