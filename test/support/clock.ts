import type { Pool } from '../../src/db/pool.ts'
import type { Sandbox } from '../../src/sandbox/index.ts'

/** A clock that all processes, the database and the sandbox share, running faster than the real one. */
export type FastClock = { epoch: number; speed: number }

/** Lets the service's clock run at that speed from now on. @param epoch when both clocks show the same; ms since 1970 */
export async function runClock(pool: Pool, { epoch, speed }: FastClock): Promise<void> {
  const e = epoch / 1_000
  await pool.query(
    `CREATE OR REPLACE FUNCTION locksmith_now() RETURNS timestamptz LANGUAGE sql STABLE AS
     'SELECT to_timestamp(${e} + (extract(epoch FROM clock_timestamp()) - ${e}) * ${speed})'`
  )
}

/** Time passes at once, for the service and for Nextcloud. */
export async function advanceClock(pool: Pool, sandbox: Sandbox, seconds: number): Promise<void> {
  await pool.query(
    `CREATE OR REPLACE FUNCTION locksmith_now() RETURNS timestamptz LANGUAGE sql STABLE AS
     'SELECT clock_timestamp() + make_interval(secs => ${seconds})'`
  )
  sandbox.advanceClock(seconds)
}
