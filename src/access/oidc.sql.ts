import type { Db, Pool } from '../db/pool.ts'

/** Writes down who was never seen before. @returns when the subject was first seen */
export async function firstSeen(db: Db | Pool, issuer: string, sub: string): Promise<Date> {
  const find = () =>
    db.query<{ at: Date }>('SELECT first_seen AS at FROM oidc_subject WHERE issuer = $1 AND sub = $2', [
      issuer,
      sub
    ])
  const { rows } = await find()
  if (rows[0]) return rows[0].at
  await db.query('INSERT INTO oidc_subject (issuer, sub) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
    issuer,
    sub
  ])
  return (await find()).rows[0]!.at
}
