import type { Db, Pool } from '../db/pool.ts'
import type { Variant } from './errors.ts'

export type CircuitRow = { openSince: Date; variant: Variant; detail: string; nextProbeAt: Date }

/** @returns undefined while it is closed */
export async function findOpenCircuit(db: Db | Pool): Promise<CircuitRow | undefined> {
  const { rows } = await db.query<CircuitRow>(
    `SELECT open_since AS "openSince", variant, detail, next_probe_at AS "nextProbeAt"
       FROM circuit WHERE open_since IS NOT NULL`
  )
  return rows[0]
}

/** For how long it has been open; 0: it is closed. */
export async function findAwaySeconds(db: Db | Pool): Promise<number> {
  const { rows } = await db.query<{ seconds: number }>(
    `SELECT coalesce(extract(epoch FROM locksmith_now() - open_since), 0)::float8 AS seconds FROM circuit`
  )
  return rows[0]!.seconds
}

/** @returns whether it was closed until now */
export async function openCircuit(
  db: Db | Pool,
  variant: Variant,
  detail: string,
  probeAfterSeconds: number,
  mostSeconds: number
): Promise<boolean> {
  const { rowCount } = await db.query(
    `UPDATE circuit SET open_since = locksmith_now(), variant = $1, detail = $2,
            -- Closed and opened again by the next call: probes do not find what is wrong, so it rests longer.
            probes = CASE WHEN closed_at > locksmith_now() - interval '10 minutes' THEN probes + 1 ELSE 0 END,
            next_probe_at = locksmith_now() + make_interval(secs => greatest($3, CASE
              WHEN closed_at > locksmith_now() - interval '10 minutes' THEN least($3 * power(2, least(probes + 1, 10)), $4)
              ELSE 0 END))
      WHERE open_since IS NULL`,
    [variant, detail, probeAfterSeconds, mostSeconds]
  )
  return rowCount === 1
}

/** Whoever gets true makes the probe that is due; the next one is due later each time, up to `mostSeconds`. */
export async function claimProbe(db: Db | Pool, firstSeconds: number, mostSeconds: number): Promise<boolean> {
  const { rowCount } = await db.query(
    `UPDATE circuit SET probes = probes + 1,
            next_probe_at = locksmith_now() + make_interval(secs => least($1 * power(2, least(probes, 10)), $2))
      WHERE open_since IS NOT NULL AND next_probe_at <= locksmith_now()`,
    [firstSeconds, mostSeconds]
  )
  return rowCount === 1
}

/** A probe found another reason, or that it may come back later than thought. */
export async function renewCircuit(
  db: Db | Pool,
  variant: Variant,
  detail: string,
  probeAfterSeconds: number
): Promise<void> {
  await db.query(
    `UPDATE circuit SET variant = $1, detail = $2,
            next_probe_at = greatest(next_probe_at, locksmith_now() + make_interval(secs => $3))
      WHERE open_since IS NOT NULL`,
    [variant, detail, probeAfterSeconds]
  )
}

export async function closeCircuit(db: Db | Pool): Promise<boolean> {
  const { rowCount } = await db.query(
    'UPDATE circuit SET open_since = NULL, next_probe_at = NULL, closed_at = locksmith_now() WHERE open_since IS NOT NULL'
  )
  return rowCount === 1
}
