/** A step that lets the user in for a while (`opens`): whatever ends the while before its time, it is undone first. */
import { appendAudit } from '../audit/audit.sql.ts'
import { rewindSteps } from './claim.sql.ts'
import { stepOf } from './kinds.ts'
import type { StepRow } from './operation.ts'
import { about, fenced, type Run } from './record.ts'
import type { StepContext } from './step.ts'

/** The step that has let the user in, or may have, and whose end has not come. */
export function openedBy(rows: StepRow[]): StepRow | undefined {
  return rows.find((row) => {
    const until = rows.findIndex(({ name }) => name === stepOf(row).opens?.until)
    return row.state !== 'pending' && until > row.position && rows[until]!.state !== 'done'
  })
}

/**
 * Those of the steps that are to be done again: what needs the user let in, with what lets the user in, and what ends
 * that. A window that stands open is closed first, so what has opened it stays as it is.
 */
export function withWindow(rows: StepRow[], isAgain: (row: StepRow) => boolean): StepRow[] {
  const open = openedBy(rows)
  const around = rows.flatMap((row) => {
    const until = rows.findIndex(({ name }) => name === stepOf(row).opens?.until)
    const between = rows.slice(row.position + 1, Math.max(until, 0))
    const needed = between.some((other) => stepOf(other).needs && isAgain(other))
    return needed ? [row, rows[until]!] : []
  })
  return rows.filter((row) => row !== open && (isAgain(row) || around.includes(row)))
}

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
