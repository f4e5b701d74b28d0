/** What the report says of one participant, from its rows. No I/O. */
import type { Problem } from '../../errors.ts'
import { type Kind, type Outcome, outcomeOf, type State, type Windows } from '../../operations/operation.ts'
import type { MailRow, ParticipantRow } from './report.sql.ts'
import type { Action, Decision, Entry, Mail } from './report.ts'
import { roleOf } from './report.ts'
import { doneOf, verifiedOf } from './words.ts'

/** As `resultOf` in report.sql.ts makes it; empty: the operation was gone by then. */
type Kept = {
  kind?: Kind
  state?: State
  requestedBy?: string
  createdAt?: string
  finishedAt?: string | null
  problem?: Problem | null
  steps?: { outcome: Outcome | null; windows: Windows | null }[] | null
  approval?: (Omit<Decision, 'decidedAt'> & { decidedAt: string | null }) | null
}

/** @param final whether the round is over: a mail of which nothing was heard by then is unknown */
export const entryOf = (row: ParticipantRow, final: boolean): Entry => ({
  userId: row.userId,
  displayName: row.displayName,
  address: row.address,
  backend: row.backend,
  lastLogin: time(row.lastLogin),
  state: row.state as Entry['state'],
  outBecause: row.outBecause as Entry['outBecause'],
  askedAt: time(row.askedAt),
  contact: row.contact,
  mails: (row.mails ?? []).map((mail) => mailOf(mail, final)),
  answer: answerOf(row),
  because: row.because as Entry['because'],
  action: row.operationId === null ? null : actionOf(row.operationId, row.result as Kept | null),
  problem: row.problem as Problem | null,
  endedAt: time(row.endedAt)
})

/** The database's own form has its time zone and microseconds. */
const time = (at: Date | string | null | undefined) => (at ? new Date(at).toISOString() : null)

export const mailOf = (mail: MailRow, final: boolean): Mail => ({
  number: mail.number,
  address: mail.address,
  at: time(mail.at)!,
  state: final && mail.state === 'begun' ? 'unknown' : mail.state,
  response: mail.response,
  bounce: mail.bounce && { kind: mail.bounce, at: time(mail.bouncedAt)!, said: mail.bounceSaid }
})

function answerOf({ answer, answeredAt, answeredBy, answerReason }: ParticipantRow): Entry['answer'] {
  if (answer === null) return null
  const by = answeredBy ?? 'self'
  return {
    answer: answer as NonNullable<Entry['answer']>['answer'],
    at: time(answeredAt),
    by: by.replace(/^contact:/, ''),
    role: roleOf(by),
    reason: answerReason
  }
}

function actionOf(operationId: string, result: Kept | null): Action {
  const { kind = null, state = null, requestedBy = null, approval, steps, problem } = result ?? {}
  const outcome = steps
    ? outcomeOf(steps.map(({ outcome, windows }) => ({ outcome, progress: windows ? { windows } : null })))
    : null
  return {
    operationId,
    kept: kind !== null,
    kind,
    state,
    requestedBy,
    createdAt: time(result?.createdAt),
    finishedAt: time(result?.finishedAt),
    outcome,
    done: outcome ? doneOf(outcome) : [],
    verified: outcome ? verifiedOf(outcome) : [],
    approval: approval ? { ...approval, decidedAt: time(approval.decidedAt) } : null,
    problem: problem ?? null
  }
}
