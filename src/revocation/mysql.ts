import { readFileSync } from 'node:fs'
import mysql, { type PoolOptions, type SslOptions } from 'mysql2/promise'
import { mysqlSettings } from './authtoken.sql.ts'
import { type Database, mostConnections, patience, type Row } from './database.ts'

/**
 * MySQL and MariaDB.
 * @param url `mysql://user:password@host:3306/database`; `?ssl-mode=REQUIRED|VERIFY_CA|VERIFY_IDENTITY` and
 *   `&ssl-ca=/path` as MySQL's own programs know them (default: no TLS), or `?socket=/path`. Nothing else in it counts.
 */
export function connectMysql(url: string): Database {
  const pool = mysql.createPool(optionsOf(new URL(url)))
  pool.on('connection', (connection) => {
    // Without a listener one that breaks between two statements would end the process.
    connection.on('error', () => {})
    connection.query(mysqlSettings)
  })
  return {
    async run(text, values, sure) {
      const connection = await pool.getConnection()
      try {
        await sure?.()
        const [rows] = await connection.execute(
          { sql: text, timeout: patience.statement },
          values as string[]
        )
        connection.release()
        return Array.isArray(rows) ? (rows as Row[]) : []
      } catch (error) {
        connection.destroy()
        throw error
      }
    },
    close: () => pool.end()
  }
}

function optionsOf({ hostname, port, username, password, pathname, searchParams }: URL): PoolOptions {
  const socket = searchParams.get('socket')
  const ssl = tlsOf(searchParams)
  return {
    ...(socket
      ? { socketPath: socket }
      : { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 3306) }),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    database: decodeURIComponent(pathname.slice(1)),
    ...(ssl && { ssl }),
    charset: 'utf8mb4',
    connectTimeout: patience.connect,
    connectionLimit: mostConnections,
    maxIdle: 1,
    idleTimeout: 30_000,
    enableKeepAlive: true
  }
}

function tlsOf(search: URLSearchParams): SslOptions | undefined {
  const mode = (search.get('ssl-mode') ?? 'DISABLED').toUpperCase()
  const ca = search.get('ssl-ca')
  switch (mode) {
    case 'DISABLED':
      return undefined
    case 'REQUIRED':
      return { rejectUnauthorized: false }
    case 'VERIFY_CA':
    case 'VERIFY_IDENTITY':
      return {
        rejectUnauthorized: true,
        verifyIdentity: mode === 'VERIFY_IDENTITY',
        ...(ca && { ca: readFileSync(ca) })
      }
    default:
      throw new TypeError('ssl-mode must be DISABLED, REQUIRED, VERIFY_CA or VERIFY_IDENTITY.')
  }
}
