import type { Db } from '../db/pool.ts'

/** So many uses within any so many seconds. */
export type Budget = { name: string; limit: number; seconds: number }

/**
 * How long a call may take from leave to the moment when Nextcloud counts it: until it is answered, a use counts
 * as that late, and leave that is older is void. Seconds.
 */
const onItsWaySeconds = 120

/** Nextcloud counts whole seconds. */
const slackSeconds = 2

/** Whoever is later than this has lost the place in line. Seconds. */
const placeKeptSeconds = 60

/** Who has no place yet stands behind all. */
const lastId = '9223372036854775807'

type State = { budget: string; share: number; halvedAt: Date | null; closedUntil: Date | null; now: Date }

/** Locks the budgets until `tx` ends, always in the same order. */
export async function lockBudgets(tx: Db, names: string[]): Promise<Map<string, State>> {
  // Written, not only locked: the clean-up may be deleting it at this very moment.
  await tx.query(
    `INSERT INTO limit_state (budget) SELECT DISTINCT unnest($1::text[]) ORDER BY 1
     ON CONFLICT (budget) DO UPDATE SET budget = excluded.budget`,
    [names]
  )
  const { rows } = await tx.query<State>(
    `SELECT budget, share, halved_at AS "halvedAt", closed_until AS "closedUntil", locksmith_now() AS now
       FROM limit_state WHERE budget = ANY($1)`,
    [names]
  )
  return new Map(rows.map((row) => [row.budget, row]))
}

/**
 * When the holder's turn comes: behind every use, and behind whoever stands in line before it. A place is the
 * row's id, which it keeps when its time moves: or whoever has to wait longer would fall behind all others.
 * @param limit what is left of the budget's after 429s
 */
export async function findTurn(
  tx: Db,
  { name, seconds }: Budget,
  limit: number,
  holder: string
): Promise<Date | undefined> {
  const { rows } = await tx.query<{ turn: Date }>(
    `SELECT at + make_interval(secs => $3) AS turn FROM limit_use
      WHERE budget = $1 AND (used OR (
        holder <> $2 AND at > locksmith_now() - make_interval(secs => $5)
        AND id < coalesce((SELECT id FROM limit_use WHERE budget = $1 AND holder = $2 AND NOT used), ${lastId})))
      ORDER BY at DESC OFFSET $4 LIMIT 1`,
    [name, holder, seconds + slackSeconds, limit - 1, placeKeptSeconds]
  )
  return rows[0]?.turn
}

/** Takes a place in line, or moves the time of the one that the holder has. */
export async function keepPlace(tx: Db, budget: string, holder: string, at: Date): Promise<void> {
  await tx.query(
    `INSERT INTO limit_use (budget, holder, used, at) VALUES ($1, $2, false, $3)
     ON CONFLICT (holder, budget) WHERE NOT used DO UPDATE SET at = $3`,
    [budget, holder, at]
  )
}

/** Counts as used from now on, and as used that late while its call may be on its way. @returns its id */
export async function use(tx: Db, budget: string, holder: string): Promise<number> {
  const { rows } = await tx.query<{ id: number }>(
    `INSERT INTO limit_use (budget, holder, used, at)
     VALUES ($1, $2, true, locksmith_now() + make_interval(secs => $3)) RETURNING id`,
    [budget, holder, onItsWaySeconds]
  )
  return rows[0]!.id
}

/** Right before the call: from now on it is on its way. @returns false where leave has become void */
export async function beginUses(db: Db, ids: number[]): Promise<boolean> {
  const { rowCount } = await db.query(
    `UPDATE limit_use SET at = locksmith_now() + make_interval(secs => $2)
      WHERE id = ANY($1) AND at > locksmith_now()`,
    [ids, onItsWaySeconds]
  )
  return rowCount === ids.length
}

/** The call was answered: it counts from now, at the latest. */
export async function settleUses(db: Db, ids: number[]): Promise<void> {
  await db.query('UPDATE limit_use SET at = locksmith_now() WHERE id = ANY($1)', [ids])
}

/** Nothing was sent. */
export async function giveBackUses(db: Db, ids: number[]): Promise<void> {
  await db.query('DELETE FROM limit_use WHERE id = ANY($1)', [ids])
}

/** The holder needs its places in line no longer. */
export async function leaveLine(db: Db, holder: string): Promise<void> {
  await db.query('DELETE FROM limit_use WHERE holder = $1 AND NOT used', [holder])
}

/**
 * Nextcloud said 429: from now on half, and a pause first. Several answers to calls that were under way
 * together count as one.
 */
export async function halve(
  tx: Db,
  { name, seconds }: Budget,
  share: number,
  pauseSeconds: number
): Promise<void> {
  await tx.query(
    `UPDATE limit_state SET share = $2, halved_at = locksmith_now(),
            closed_until = locksmith_now() + make_interval(secs => $3)
      WHERE budget = $1 AND (halved_at IS NULL OR halved_at < locksmith_now() - make_interval(secs => $4))`,
    [name, share, pauseSeconds, Math.min(seconds / 20, 30)]
  )
}

/** Every use that still counts, the oldest first. */
export async function findUses(db: Db, budgets: Budget[]): Promise<{ uses: Date[]; now: Date }> {
  const { rows } = await db.query<{ uses: Date[] | null; now: Date }>(
    `SELECT array_agg(at ORDER BY at) AS uses, locksmith_now() AS now FROM limit_use
      WHERE used AND budget = ANY($1) AND at > locksmith_now() - make_interval(secs => $2)`,
    [budgets.map(({ name }) => name), budgets[0]?.seconds ?? 0]
  )
  return { uses: rows[0]!.uses ?? [], now: rows[0]!.now }
}

/** Uses that no budget counts any longer, and what is known of budgets that nobody has used for a day. */
export async function deleteOldUses(db: Db): Promise<void> {
  await db.query(`DELETE FROM limit_use WHERE at < locksmith_now() - interval '1 day'`)
  await db.query(
    `DELETE FROM limit_state s WHERE coalesce(closed_until, halved_at, '-infinity') < locksmith_now() - interval '1 day'
        AND NOT EXISTS (SELECT FROM limit_use u WHERE u.budget = s.budget)`
  )
}

/**
 * How much of each kind of limit is used up: over the longest window that it may have, and of several budgets the
 * fullest. `inLine`: who waits for their turn.
 */
export async function countUsesByLimit(db: Db): Promise<{ limit: string; used: number; inLine: number }[]> {
  const { rows } = await db.query<{ limit: string; used: number; inLine: number }>(
    `WITH budgets AS (
       SELECT split_part(budget, ':', 1) AS "limit",
              count(*) FILTER (WHERE used AND at > locksmith_now() - CASE WHEN budget LIKE 'password:%'
                THEN interval '10 minutes' ELSE interval '30 minutes' END) AS used,
              count(*) FILTER (WHERE NOT used AND at > locksmith_now() - make_interval(secs => $1)) AS in_line
         FROM limit_use WHERE budget = 'reset-mail' OR budget LIKE 'password:%' GROUP BY budget)
     SELECT kind AS "limit", coalesce(max(used), 0)::int AS used, coalesce(max(in_line), 0)::int AS "inLine"
       FROM unnest(ARRAY['password', 'reset-mail']) AS kind LEFT JOIN budgets ON "limit" = kind GROUP BY kind`,
    [placeKeptSeconds]
  )
  return rows
}
