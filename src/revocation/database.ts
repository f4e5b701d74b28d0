import type { Dialect } from './authtoken.sql.ts'
import { connectMysql } from './mysql.ts'
import { connectPostgres } from './postgres.ts'

export type Row = Record<string, unknown>

/** Nextcloud's own database. A connection that breaks fails what is under way, and the next one is fresh. */
export type Database = {
  /**
   * @param sure asked on a ready connection, right before the statement is sent. @throws where it is not to be sent
   * @returns its rows; none for a DELETE
   * @throws the driver's own errors
   */
  run(text: string, values: unknown[], sure?: () => Promise<void>): Promise<Row[]>
  close(): Promise<void>
}

/** Milliseconds. */
export const patience = { connect: 5_000, statement: 10_000 }

/** Reads are short, and a revocation makes one at a time. */
export const mostConnections = 4

export const dialectOf = (url: string): Dialect => (/^postgres(ql)?:/.test(url) ? 'postgres' : 'mysql')

/** Connects when something is asked. @throws TypeError for a URL that is none */
export const connect = (url: string): Database =>
  dialectOf(url) === 'postgres' ? connectPostgres(url) : connectMysql(url)
