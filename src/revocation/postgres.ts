import pg from 'pg'
import { type Database, mostConnections, patience, type Row } from './database.ts'

/**
 * @param connectionString `postgres://user:password@host/database`, with `sslmode` and `sslrootcert` as
 *   pg-connection-string reads them
 */
export function connectPostgres(connectionString: string): Database {
  new URL(connectionString) // pg would make something of whatever it is
  const pool = new pg.Pool({
    connectionString,
    max: mostConnections,
    application_name: 'locksmith',
    connectionTimeoutMillis: patience.connect,
    statement_timeout: patience.statement,
    // A server that vanished without a word.
    query_timeout: patience.statement + 1_000,
    keepAlive: true,
    allowExitOnIdle: true
  })
  // Without a listener a connection that breaks would end the process, whether it is idle or between two queries.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  return {
    async run(text, values, sure) {
      const client = await pool.connect()
      try {
        await sure?.()
        const { rows } = await client.query<Row>(text, values)
        client.release()
        return rows
      } catch (error) {
        client.release(true)
        throw error
      }
    },
    close: () => pool.end()
  }
}
