import pg from 'pg'

/** What a query function needs: the pool itself, or one transaction's connection. */
export type Db = Pick<pg.ClientBase, 'query'>
export type Pool = pg.Pool

// bigint columns here are sequence numbers: far below 2^53, so plain numbers are exact.
pg.types.setTypeParser(pg.types.builtins.INT8, Number)

/** @param size most connections; Locksmith's own statements are short, so few are enough */
export function createPool(connectionString: string, size = 10): Pool {
  const pool = new pg.Pool({
    connectionString,
    max: size,
    application_name: 'locksmith',
    connectionTimeoutMillis: 5_000,
    keepAlive: true
  })
  // An idle connection that breaks (a restart of PostgreSQL) is dropped by the pool; without a listener
  // the event would end the process.
  pool.on('error', () => {})
  return pool
}
