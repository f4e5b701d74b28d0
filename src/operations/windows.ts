/** A step that lets the user in for a while (`opens`): whatever ends the while before its time, it is undone first. */
import { appendAudit } from '../audit/audit.sql.ts'
import { rewindSteps } from './claim.sql.ts'
import { stepOf } from './kinds.ts'
import type { StepRow } from './operation.ts'
import { about, fenced, type Run } from './record.ts'
import type { StepContext } from './step.ts'

/**
 * Lets the user in no longer; the step is done anew when its turn comes again.
 * @throws NextcloudError where that did not work
 */
export async function close(run: Run, row: StepRow, context: StepContext): Promise<void> {
  const { operation } = run
  const step = stepOf(row)
  const details = { step: step.name, attempt: row.attempts }
  await fenced(run, (tx) => appendAudit(tx, { ...about(operation), action: 'step.undo-intended', details }))
  await step.opens!.undo(context)
  await fenced(run, async (tx) => {
    await rewindSteps(tx, operation.id, [row.position])
    await appendAudit(tx, { ...about(operation), action: 'step.undone', details })
  })
  row.state = 'pending'
  run.log.info({ step: step.name }, 'the user is disabled again before it goes on')
}
