/** An answer counts once, and only while its round is open: by the person, a customer's contact, or whoever calls. */
import { appendAudit } from '../audit/audit.sql.ts'
import type { Actor } from '../audit/event.ts'
import type { Db } from '../db/pool.ts'
import { holdOpen, killLinks, type Seat, saveAnswer } from './answer.sql.ts'
import { insertNotice } from './notice.sql.ts'
import type { Answer } from './participant.ts'

export type GivenAnswer = {
  answer: Answer
  /** `user:<id>`: the person. */
  by: Actor
  reason?: string
  requestId?: string
}

/**
 * Records what became known of one participant, in the caller's transaction; also while Locksmith is stopped, since it
 * does nothing to anybody. Locks the campaign, then the participant, then the mails, as everybody does who needs several.
 * @returns `too-late` where somebody was first, or the round is closed: nothing was changed
 */
export async function recordAnswer(
  tx: Db,
  seat: Seat,
  { answer, by, reason, requestId }: GivenAnswer
): Promise<'recorded' | 'too-late'> {
  if (!(await holdOpen(tx, seat))) return 'too-late'
  const { campaignId, round } = seat
  const answeredBy = by.startsWith('user:') ? 'self' : by
  const person = await saveAnswer(tx, seat, answer, answeredBy, reason ?? null)
  if (!person) return 'too-late'
  await killLinks(tx, seat)
  const { userId, displayName } = person
  if (answer === 'left')
    await insertNotice(tx, campaignId, round, 'left', { userId, displayName, by: answeredBy })
  await appendAudit(tx, {
    action: 'participant.answered',
    actor: by,
    userId,
    ...(requestId !== undefined && { requestId }),
    campaignId: campaignId,
    details: { round, answer, ...(reason !== undefined && { reason }) }
  })
  return 'recorded'
}
