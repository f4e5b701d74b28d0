import { appendAudit } from '../audit/audit.sql.ts'
import type { Bounce } from '../bounces/classify.ts'
import type { Verdict } from '../bounces/delivery-status.ts'
import type { Db, Pool } from '../db/pool.ts'
import { inTransaction } from '../db/transaction.ts'
import { withoutLinks } from '../mail/without-links.ts'
import { type BouncedMail, bounceInRound, bounceMail, findBouncedMail, lockBounced } from './bounce.sql.ts'
import { actorOfCampaign } from './campaign.ts'
import { insertNotice } from './notice.sql.ts'

/**
 * A mail came back. Once is as good as often; and what came back for good stays so, whatever comes after.
 * @returns `late`: the round is closed, and only the mail knows of it; `known`: it says nothing new; `unmatched`: no
 * mail has this id
 */
export const recordBounce = (
  pool: Pool,
  { mailId, kind, said }: Bounce
): Promise<'recorded' | 'late' | 'known' | 'unmatched'> =>
  inTransaction(pool, async (tx) => {
    const mail = await findBouncedMail(tx, mailId)
    if (!mail) return 'unmatched'
    const { open, bounce } = await lockBounced(tx, mail)
    if (bounce === 'hard' || bounce === kind) return 'known'
    const verdict = { kind, said: plainSaid(said) }
    await bounceMail(tx, mailId, kind, verdict.said)
    if (!open) return 'late'
    await tellOfBounce(tx, mail, verdict)
    return 'recorded'
  })

/**
 * What follows from it within an open round, of which the caller holds the locks of {@link lockBounced}: for the
 * participant, the audit, and whoever answers for the campaign. Whoever bounces at the mail server itself, too.
 */
export async function tellOfBounce(tx: Db, mail: BouncedMail, { kind, said }: Verdict): Promise<void> {
  const { mailId, campaignId, round, contact, address } = mail
  const participant = mail.place === null ? undefined : await bounceInRound(tx, mail, kind)
  if (participant)
    await appendAudit(tx, {
      action: 'participant.bounced',
      actor: actorOfCampaign(campaignId),
      userId: participant.userId,
      campaignId: campaignId,
      details: { round, mail: mailId, bounce: kind, said }
    })
  // Nobody has to look after an address whose user has answered all the same.
  if (participant?.stopped) {
    const { userId, displayName } = participant
    await insertNotice(tx, campaignId, round, 'bounced', { userId, displayName, address, said })
  } else if (contact !== null && kind === 'hard')
    await insertNotice(tx, campaignId, round, 'bounced', {
      userId: address,
      displayName: 'Contact person',
      address,
      said
    })
}

/**
 * What others say, fit to be shown: one line of printable characters, with no link of ours, not long, and none of them
 * cut in two.
 */
export const plainSaid = (said: string): string =>
  [...withoutLinks(said.replace(/[\p{C}\p{Z}]+/gu, ' ').trim())].slice(0, 300).join('')
