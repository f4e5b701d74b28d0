import type { Db } from '../db/pool.ts'
import { participantSourcesOf } from './participant.ts'

export type BouncedMail = {
  mailId: string
  campaignId: string
  round: number
  /** Of the participant; null: it went to a contact. */
  place: string | null
  contact: number | null
  address: string
}

export async function findBouncedMail(tx: Db, mailId: string): Promise<BouncedMail | undefined> {
  const { rows } = await tx.query<BouncedMail>(
    `SELECT id AS "mailId", campaign_id AS "campaignId", round, place, contact, address FROM campaign_mail WHERE id = $1`,
    [mailId]
  )
  return rows[0]
}

/**
 * From campaign to mail, as whoever sends and whoever closes: nobody waits for the other. The round stays open, or
 * closed, until `tx` ends.
 */
export async function lockBounced(
  tx: Db,
  { mailId, campaignId, round, place }: BouncedMail
): Promise<{ open: boolean; bounce: 'soft' | 'hard' | null }> {
  const campaign = await tx.query<{ open: boolean }>(
    `SELECT round = $2 AND coalesce(paused_from, state) = 'open' AS open FROM campaign WHERE id = $1 FOR SHARE`,
    [campaignId, round]
  )
  await tx.query('SELECT FROM participant WHERE campaign_id = $1 AND round = $2 AND place = $3 FOR UPDATE', [
    campaignId,
    round,
    place
  ])
  const mail = await tx.query<{ bounce: 'soft' | 'hard' | null }>(
    'SELECT bounce FROM campaign_mail WHERE id = $1 FOR UPDATE',
    [mailId]
  )
  return { open: campaign.rows[0]!.open, bounce: mail.rows[0]!.bounce }
}

export async function bounceMail(tx: Db, mailId: string, kind: 'soft' | 'hard', said: string): Promise<void> {
  await tx.query(
    `UPDATE campaign_mail SET bounce = $2, bounced_at = locksmith_now(), bounce_said = $3
      WHERE id = $1 AND bounce IS DISTINCT FROM 'hard'`,
    [mailId, kind, said]
  )
}

/**
 * Hard wins over soft, for good. Whoever has not answered gets no more mails where it is hard; links stay as they are.
 * @returns undefined where there is no such participant; `stopped`: is `bounced` from here on
 */
export async function bounceInRound(
  tx: Db,
  { campaignId, round, place }: BouncedMail,
  kind: 'soft' | 'hard'
): Promise<{ userId: string; displayName: string; stopped: boolean } | undefined> {
  const { rows } = await tx.query<{ userId: string; displayName: string; stopped: boolean }>(
    `WITH before AS (
       SELECT campaign_id, round, place, $4 = 'hard' AND state = ANY($5) AS stopped FROM participant
        WHERE campaign_id = $1 AND round = $2 AND place = $3 FOR UPDATE)
     UPDATE participant p
        SET bounce = CASE WHEN p.bounce = 'hard' THEN 'hard' ELSE $4 END,
            reached = false,
            state = CASE WHEN before.stopped THEN 'bounced' ELSE p.state END,
            next_mail = CASE WHEN before.stopped THEN NULL ELSE p.next_mail END,
            due_at = CASE WHEN before.stopped THEN NULL ELSE p.due_at END,
            -- Others can still answer for this one: there is as much time as for everybody.
            over_at = CASE WHEN before.stopped AND p.over_at = 'infinity'
                           THEN coalesce(p.asked_at, locksmith_now()) + (c.definition->>'closesAfter')::interval + r.extra
                           ELSE p.over_at END
       FROM before, campaign c, round r
      WHERE p.campaign_id = before.campaign_id AND p.round = before.round AND p.place = before.place
        AND c.id = before.campaign_id AND r.campaign_id = before.campaign_id AND r.number = before.round
      RETURNING p.user_id AS "userId", p.display_name AS "displayName", before.stopped`,
    [campaignId, round, place, kind, participantSourcesOf('bounced')]
  )
  return rows[0]
}
