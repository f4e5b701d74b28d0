import { canonicalJson } from '../canonical.ts'
import type { Db } from '../db/pool.ts'
import type { Personal } from './entry.ts'

/** Until the transaction ends. Whoever does not own the table may not, all the same. */
export async function allowErasing(tx: Db): Promise<void> {
  await tx.query(`SET LOCAL locksmith.erases = 'yes'`)
}

export type PersonalRow = { seq: number; personal: Personal }

/**
 * What may be of, by, or about somebody of these names; in lower case. Locked until `tx` ends. What lower case is of a
 * letter that is not ASCII depends on the database: there the rest of the name has to do.
 */
export async function findPersonal(
  tx: Db,
  names: string[],
  after: number,
  most: number
): Promise<PersonalRow[]> {
  const { rows } = await tx.query<{
    seq: number
    actor: string | null
    userId: string | null
    sourceAddress: string | null
    details: Record<string, unknown> | null
  }>(
    `SELECT seq, actor, user_id AS "userId", source_address AS "sourceAddress", details
       FROM audit_personal
      WHERE seq > $2 AND EXISTS (SELECT FROM audit_event e WHERE e.seq = audit_personal.seq)
        AND (place = ANY($1::text[])
             OR EXISTS (SELECT FROM unnest($4::text[]) part
                         WHERE position(part IN lower(coalesce(actor, '') || ' ' || coalesce(details::text, ''))) > 0))
      ORDER BY seq LIMIT $3 FOR UPDATE`,
    [names, after, most, names.map(plainPart)]
  )
  return rows.map(({ seq, actor, userId, sourceAddress, details }) => ({
    seq,
    personal: {
      ...(actor !== null && { actor }),
      ...(userId !== null && { userId }),
      ...(sourceAddress !== null && { sourceAddress }),
      ...(details !== null && { details })
    }
  }))
}

/** The longest part of it that stands in JSON as it is, and is lower case everywhere; '' is in every text. */
const plainPart = (name: string) =>
  (name.match(/[\x20!#-[\]-~]+/g) ?? []).reduce(
    (longest, part) => (part.length > longest.length ? part : longest),
    ''
  )

/** What was there, and the salt without which nobody can tell what it was, is gone. */
export async function replacePersonal(tx: Db, rows: PersonalRow[], pseudonym: string): Promise<void> {
  await tx.query(
    `UPDATE audit_personal p
        SET salt = NULL, actor = r.actor, user_id = r.user_id, place = r.place,
            source_address = r.source_address, details = r.details
       FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::jsonb[])
            AS r(seq, actor, user_id, place, source_address, details)
      WHERE p.seq = r.seq`,
    [
      rows.map(({ seq }) => seq),
      rows.map(({ personal }) => personal.actor ?? null),
      rows.map(({ personal }) => personal.userId ?? null),
      rows.map(({ personal }) => personal.userId?.toLowerCase() ?? null),
      rows.map(({ personal }) => personal.sourceAddress ?? null),
      rows.map(({ personal }) => (personal.details ? canonicalJson(personal.details) : null))
    ]
  )
  await tx.query('INSERT INTO audit_erasure (pseudonym, seq) SELECT $1, unnest($2::bigint[])', [
    pseudonym,
    rows.map(({ seq }) => seq)
  ])
}
