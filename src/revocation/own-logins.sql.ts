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
     ON CONFLICT (place) DO UPDATE SET seen_to = $3, last_login = $4,
       -- Nextcloud renews lastLogin only after a minute: of two log-ins of ours it may still show the first.
       seen_from = CASE WHEN own_login.last_login IS NOT DISTINCT FROM $4 THEN own_login.seen_from ELSE $2 END`,
    [userId.toLowerCase(), window.from, window.to, lastLogin]
  )
}

/** By the users' places. */
export async function findOwnLogins(db: Db | Pool, userIds: string[]): Promise<Map<string, OwnLogin>> {
  const { rows } = await db.query<OwnLogin & { place: string }>(
    `SELECT place, seen_from AS "from", seen_to AS "to", last_login AS "lastLogin" FROM own_login
      WHERE place = ANY($1)`,
    [userIds.map((id) => id.toLowerCase())]
  )
  return new Map(rows.map(({ place, ...own }) => [place, own]))
}
