import type { Db, Pool } from '../db/pool.ts'
import { isGone } from '../jobs/presence.ts'
import { placeOf } from '../operations/operation.ts'
import type { Definition } from './campaign.ts'
import type { OutReason } from './participant.ts'

/** Takes the round, or takes it over from a process that is gone. @returns false where another one has it */
export async function claimRound(
  db: Db | Pool,
  campaignId: string,
  number: number,
  key: number
): Promise<boolean> {
  const { rowCount } = await db.query(
    `UPDATE round SET claimed_by = $3
      WHERE campaign_id = $1 AND number = $2 AND ended_at IS NULL
        AND (claimed_by IS NULL OR claimed_by = $3 OR ${isGone('claimed_by')})`,
    [campaignId, number, key]
  )
  return rowCount === 1
}

/**
 * Locks the round while the transaction lasts. Its campaign is locked first, as everybody does who needs both.
 * @returns false where another process has it by now, or the campaign went another way
 */
export async function holdRound(
  tx: Db,
  campaignId: string,
  number: number,
  key: number,
  state = 'planning'
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `SELECT FROM campaign WHERE id = $1 AND round = $2 AND state = $3 FOR UPDATE`,
    [campaignId, number, state]
  )
  if (rowCount !== 1) return false
  const held = await tx.query(
    'SELECT FROM round WHERE campaign_id = $1 AND number = $2 AND claimed_by = $3 FOR UPDATE',
    [campaignId, number, key]
  )
  return held.rowCount === 1
}

export async function freeRound(
  db: Db | Pool,
  campaignId: string,
  number: number,
  key: number
): Promise<void> {
  await db.query(
    'UPDATE round SET claimed_by = NULL WHERE campaign_id = $1 AND number = $2 AND claimed_by = $3',
    [campaignId, number, key]
  )
}

/** What an earlier try had planned is planned anew. */
export async function clearRound(tx: Db, campaignId: string, number: number): Promise<void> {
  for (const table of ['participant', 'participant_count'])
    await tx.query(`DELETE FROM ${table} WHERE campaign_id = $1 AND round = $2`, [campaignId, number])
}

export type Planned = {
  userId: string
  displayName: string
  address: string | null
  domain: string | null
  language: string | null
  backend: string
  lastLogin: Date | null
  outBecause: OutReason | null
  contact: number | null
  /** After the begin of the round: when it is this one's turn; null: never. */
  afterSeconds: number | null
}

/** One statement for a page of users. Whoever comes twice is taken once. */
export async function insertParticipants(
  tx: Db,
  campaignId: string,
  number: number,
  mode: Definition['mode'],
  users: Planned[]
): Promise<void> {
  const column = <T>(read: (user: Planned) => T) => users.map(read)
  await tx.query(
    `INSERT INTO participant (campaign_id, round, place, user_id, display_name, address, domain, language, backend,
                              last_login, state, out_because, contact, due_at, next_mail, over_at)
     SELECT $1, $2, u.place, u.user_id, u.display_name, u.address, u.domain, u.language, u.backend, u.last_login,
            CASE WHEN u.out_because IS NULL THEN 'waiting' ELSE 'out' END, u.out_because, u.contact,
            r.began_at + make_interval(secs => u.after_seconds),
            CASE WHEN u.out_because IS NULL AND $3 = 'confirm' THEN 0 END,
            CASE WHEN u.out_because IS NULL THEN 'infinity'::timestamptz END
       FROM round r,
            unnest($4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::timestamptz[],
                   $11::text[], $12::smallint[], $13::double precision[], $14::text[])
              AS u (user_id, display_name, address, domain, language, backend, last_login, out_because, contact, after_seconds, place)
      WHERE r.campaign_id = $1 AND r.number = $2
     ON CONFLICT (campaign_id, round, place) DO NOTHING`,
    [
      campaignId,
      number,
      mode,
      column((user) => user.userId),
      column((user) => user.displayName),
      column((user) => user.address),
      column((user) => user.domain),
      column((user) => user.language),
      column((user) => user.backend),
      column((user) => user.lastLogin),
      column((user) => user.outBecause),
      column((user) => user.contact),
      column((user) => user.afterSeconds),
      column((user) => placeOf(user.userId))
    ]
  )
}

/**
 * In a transaction that compares everybody with everybody. PostgreSQL has looked at none of the rows that were just
 * written, takes them for few, and would compare each with all of them, one after the other.
 */
export async function expectMany(tx: Db): Promise<void> {
  await tx.query('SET LOCAL enable_nestloop = off')
}

const out = (because: OutReason) =>
  `state = 'out', out_because = '${because}', next_mail = NULL, due_at = NULL, over_at = NULL, contact = NULL`

/** Whoever answers from a mailbox of many proves nothing of each. After {@link expectMany}. */
export async function leaveOutShared(tx: Db, campaignId: string, number: number): Promise<void> {
  await tx.query(
    `UPDATE participant SET ${out('shared-address')}
      WHERE campaign_id = $1 AND round = $2 AND state = 'waiting'
        AND lower(address) IN (SELECT lower(address) FROM participant
                                WHERE campaign_id = $1 AND round = $2 AND address IS NOT NULL
                                  AND out_because IS DISTINCT FROM 'disabled'
                                GROUP BY 1 HAVING count(*) > 1)`,
    [campaignId, number]
  )
}

/** After {@link expectMany}. @param within ISO 8601 duration */
export async function leaveOutConfirmed(
  tx: Db,
  campaignId: string,
  number: number,
  within: string
): Promise<void> {
  await tx.query(
    `UPDATE participant p SET ${out('confirmed-recently')}
       FROM participant former
      WHERE p.campaign_id = $1 AND p.round = $2 AND p.state = 'waiting'
        AND former.campaign_id = $1 AND former.round < $2 AND former.place = p.place
        AND former.answer IN ('confirmed', 'vouched') AND former.answered_at > locksmith_now() - $3::interval`,
    [campaignId, number, within]
  )
}

/** Who is asked is known. */
export async function openRound(
  tx: Db,
  campaignId: string,
  number: number,
  { listed, matched }: { listed: number; matched: number }
): Promise<void> {
  await tx.query(
    `UPDATE round SET opened_at = locksmith_now(), listed = $3, matched = $4 WHERE campaign_id = $1 AND number = $2`,
    [campaignId, number, listed, matched]
  )
}

/** Their digests are due with the last reminder; where there is none, half way. */
export async function insertContacts(
  tx: Db,
  campaignId: string,
  number: number,
  { contacts, remindAfter, closesAfter }: Definition
): Promise<void> {
  const last = remindAfter.at(-1)
  await tx.query(
    `INSERT INTO contact (campaign_id, round, number, address, due_at)
     SELECT $1, $2, c.number - 1, c.address, locksmith_now() + coalesce($4::interval, $5::interval / 2)
       FROM unnest($3::text[]) WITH ORDINALITY AS c (address, number)`,
    [campaignId, number, contacts.map(({ address }) => address), last ?? null, closesAfter]
  )
}
