import type { Db, Pool } from '../db/pool.ts'

export type OwnLogin = { from: Date; to: Date; lastLogin: Date | null }

export async function saveOwnLogin(
  db: Db | Pool,
  userId: string,
  window: { from: Date; to: Date },
  lastLogin: Date | null
): Promise<void> {
  await db.query(
    `INSERT INTO own_login (place, seen_from, seen_to, last_login) VALUES ($1, $2, $3, $4)
     ON CONFLICT (place) DO UPDATE SET seen_from = $2, seen_to = $3, last_login = $4`,
    [userId.toLowerCase(), window.from, window.to, lastLogin]
  )
}

export async function findOwnLogin(db: Db | Pool, userId: string): Promise<OwnLogin | undefined> {
  const { rows } = await db.query<OwnLogin>(
    `SELECT seen_from AS "from", seen_to AS "to", last_login AS "lastLogin" FROM own_login WHERE place = $1`,
    [userId.toLowerCase()]
  )
  return rows[0]
}
