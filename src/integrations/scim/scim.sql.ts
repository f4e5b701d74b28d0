import type { Db, Pool } from '../../db/pool.ts'
import { placeOf } from '../../operations/operation.ts'

/** What a client (by the owner of its keys) knows of a user besides what Nextcloud tells. */
export type Known = {
  place: string
  userId: string
  externalId: string | null
  /** The client has deleted the user, and that stands: nobody cancelled it or let the user in again since. */
  isDeleted: boolean
}

const knownColumns = `u.place, u.user_id AS "userId", u.external_id AS "externalId",
  EXISTS (SELECT FROM operation d WHERE d.id = u.deleted_by AND d.state NOT IN ('failed', 'cancelled')
             AND (d.state <> 'awaiting-approval' OR d.kind = 'delete')
             AND NOT EXISTS (SELECT FROM operation b WHERE b.place = u.place AND b.id > d.id
                                AND b.kind IN ('enable', 'reinstate')
                                AND b.state NOT IN ('failed', 'cancelled', 'awaiting-approval'))) AS "isDeleted"`

/** What was known of an account that is deleted says nothing of the next one with that id. */
const isOfAnother = `EXISTS (SELECT FROM operation gone WHERE gone.place = u.place AND gone.kind = 'delete'
                               AND gone.state = 'succeeded' AND gone.finished_at > u.known_since)`

/** By place. */
export async function findKnown(
  db: Db | Pool,
  owner: string,
  userIds: string[]
): Promise<Map<string, Known>> {
  const { rows } = await db.query<Known>(
    `SELECT ${knownColumns} FROM scim_user u WHERE u.owner = $1 AND u.place = ANY($2) AND NOT ${isOfAnother}`,
    [owner, userIds.map(placeOf)]
  )
  return new Map(rows.map((row) => [row.place, row]))
}

/** Whose external id this is, of the owner's. */
export async function findByExternalId(
  db: Db | Pool,
  owner: string,
  externalId: string
): Promise<(Known & { isStale: boolean }) | undefined> {
  const { rows } = await db.query<Known & { isStale: boolean }>(
    `SELECT ${knownColumns}, ${isOfAnother} AS "isStale" FROM scim_user u
      WHERE u.owner = $1 AND u.external_id = $2`,
    [owner, externalId]
  )
  return rows[0]
}

/** The places of those whom the owner's clients have deleted. */
export async function findDeleted(db: Db | Pool, owner: string): Promise<Set<string>> {
  const { rows } = await db.query<Known>(
    `SELECT ${knownColumns} FROM scim_user u
      WHERE u.owner = $1 AND u.deleted_by IS NOT NULL AND NOT ${isOfAnother}`,
    [owner]
  )
  return new Set(rows.filter(({ isDeleted }) => isDeleted).map(({ place }) => place))
}

/** @throws unique violation where another user of the owner's has it */
export async function saveExternalId(
  tx: Db,
  owner: string,
  userId: string,
  externalId: string | null
): Promise<void> {
  await tx.query(
    `INSERT INTO scim_user AS u (owner, place, user_id, external_id) VALUES ($1, $2, $3, $4)
     ON CONFLICT (owner, place) DO UPDATE
        SET user_id = $3, external_id = $4, known_since = locksmith_now(),
            deleted_by = CASE WHEN ${isOfAnother} THEN NULL ELSE u.deleted_by END`,
    [owner, placeOf(userId), userId, externalId]
  )
}

/** @param operationId the off-boarding with which it is deleted */
export async function saveDeletion(
  tx: Db,
  owner: string,
  userId: string,
  operationId: string
): Promise<void> {
  await tx.query(
    `INSERT INTO scim_user AS u (owner, place, user_id, deleted_by) VALUES ($1, $2, $3, $4)
     ON CONFLICT (owner, place) DO UPDATE
        SET deleted_by = $4, known_since = locksmith_now(),
            external_id = CASE WHEN ${isOfAnother} THEN NULL ELSE u.external_id END`,
    [owner, placeOf(userId), userId, operationId]
  )
}

/** The client brings the user anew. */
export const forgetDeletion = (tx: Db, owner: string, userId: string) =>
  tx.query('UPDATE scim_user SET deleted_by = NULL WHERE owner = $1 AND place = $2', [owner, placeOf(userId)])

/** Its user is gone, so another one can have it. */
export const freeExternalId = (db: Db | Pool, owner: string, externalId: string) =>
  db.query('UPDATE scim_user SET external_id = NULL WHERE owner = $1 AND external_id = $2', [
    owner,
    externalId
  ])

/** Differs as soon as anything more was asked for about the user. */
export async function findMark(db: Db | Pool, userId: string): Promise<string> {
  const { rows } = await db.query<{ mark: string }>(
    `SELECT count(*) || ' ' || coalesce(max(id::text), '') AS mark FROM operation WHERE place = $1`,
    [placeOf(userId)]
  )
  return rows[0]!.mark
}

/** First half of the advisory locks; the second is the user. */
const lockClass = 0x10d5

/** SCIM requests about one user begin operations one after the other: until `tx` ends. */
export const lockUser = (tx: Db, userId: string) =>
  tx.query('SELECT pg_advisory_xact_lock($1, hashtext($2))', [lockClass, placeOf(userId)])
