import type { Test } from 'tap'
import { createPool, type Pool } from '../../src/db/pool.ts'
import { createLimits, type Grant, type Limits, type Standing } from '../../src/nextcloud/limits.ts'
import type { Wire } from '../../src/nextcloud/wire.ts'
import { testMark } from './audit-keys.ts'
import { testDatabase } from './database.ts'

/** A Nextcloud that says what it is told to say of our address. */
export const wireOf = ({ allowListed, ratesLifted }: Standing) =>
  ({
    isAllowListed: async () => allowListed,
    appValue: async () => (ratesLifted ? '1' : '')
  }) as unknown as Wire

export const ordinary: Standing = { allowListed: false, ratesLifted: false }

export type Governed = {
  pool: Pool
  /** Another replica on the same database, by what Nextcloud says to it. */
  replica(standing?: Standing, accounts?: string[]): Limits
  /** The service's clock; seconds since it was stopped. */
  now(): number
  /** The service's clock shows that from now on: it stands still until it is set again. */
  setClock(seconds: number): Promise<void>
  /** A time by that clock. */
  at(date: Date): number
}

/** The governor alone on a database whose clock goes by hand. */
export async function governed(t: Test): Promise<Governed> {
  const databaseUrl = await testDatabase(t)
  const pools: Pool[] = []
  t.teardown(() => Promise.all(pools.map((pool) => pool.end())))
  const connect = () => pools[pools.push(createPool(databaseUrl, 6, testMark)) - 1]!
  const pool = connect()
  const epoch = Date.parse('2030-01-01T00:00:00Z')
  let now = 0
  await pool.query('CREATE TABLE clock_by_hand (seconds double precision NOT NULL)')
  await pool.query('INSERT INTO clock_by_hand VALUES (0)')
  await pool.query(
    `CREATE OR REPLACE FUNCTION locksmith_now() RETURNS timestamptz LANGUAGE sql STABLE AS
     'SELECT to_timestamp(${epoch / 1_000} + seconds) FROM clock_by_hand'`
  )
  return {
    pool,
    replica: (standing = ordinary, accounts = ['admin']) =>
      createLimits(connect(), wireOf(standing), async () => accounts),
    now: () => now,
    async setClock(seconds) {
      now = seconds
      await pool.query('UPDATE clock_by_hand SET seconds = $1', [seconds])
    },
    at: (date) => (date.getTime() - epoch) / 1_000
  }
}

/** The most of these times within any window of so many seconds, which Nextcloud counts in whole ones. */
export function mostWithin(seconds: number, times: number[]): number {
  const whole = times.map(Math.floor).sort((a, b) => a - b)
  let first = 0
  let most = 0
  for (const [last, time] of whole.entries()) {
    while (whole[first]! < time - seconds) first++
    most = Math.max(most, last - first + 1)
  }
  return most
}

/** Makes the granted call as calls are made: what has to be known is told right before it is sent. */
export const spend = <T>(limits: Limits, grant: Grant, call: () => Promise<T>): Promise<T> =>
  limits.spend(grant, async (beforeSend) => {
    await beforeSend()
    return call()
  })
