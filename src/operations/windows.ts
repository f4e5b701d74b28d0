/** A step that lets the user in for a while (`opens`): whatever ends the while before its time, it is undone first. */
import { appendAudit } from '../audit/audit.sql.ts'
import { endStep } from './claim.sql.ts'
import { endOf, stepOf } from './kinds.ts'
import type { StepRow } from './operation.ts'
import { about, fenced, type Run } from './record.ts'
import type { StepContext } from './step.ts'

/** What is done between can only be done while the user is let in: the step that opens, and the one that ends it. */
export const windowsAround = (rows: StepRow[], again: StepRow[]): StepRow[] =>
  rows.flatMap((row) => {
    const end = endOf(row, rows)
    const isBetween = ({ position }: StepRow) => position > row.position && position < (end?.position ?? 0)
    return end && again.some(isBetween) ? [row, end] : []
  })

/**
 * Lets the user in no longer; the step is done anew when its turn comes again.
 * @throws NextcloudError where that did not work
 */
export async function close(run: Run, row: StepRow, context: StepContext): Promise<void> {
  const { operation } = run
  const step = stepOf(row)
  const details = { step: step.name, attempt: row.attempts }
  await fenced(run, (tx) => appendAudit(tx, { ...about(operation), action: 'step.undo-intended', details }))
  const outcome = await step.opens!.undo(context)
  await fenced(run, async (tx) => {
    await endStep(tx, operation.id, row.position, { state: 'pending', outcome })
    await appendAudit(tx, { ...about(operation), action: 'step.undone', details })
  })
  Object.assign(row, { state: 'pending', outcome })
  run.log.info({ step: step.name }, 'the user is disabled again before it goes on')
}
