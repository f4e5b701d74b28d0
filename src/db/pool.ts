import pg from 'pg'

/** What a query function needs: the pool itself, or one transaction's connection. */
export type Db = Pick<pg.ClientBase, 'query'> & Marking
export type Pool = pg.Pool & Marking

/** How a process shows that a row was written by Locksmith, not by somebody else with rights in the database. */
type Marking = {
  readonly mark?: (text: string) => Buffer
  /** The same for all connections of a pool. */
  readonly kin?: object
}

// bigint columns here are sequence numbers: far below 2^53, so plain numbers are exact.
pg.types.setTypeParser(pg.types.builtins.INT8, Number)

const names = new Map<string, string>()

/**
 * A statement with parameters is prepared once a connection: planning costs PostgreSQL more than running
 * it. Their text is constant everywhere, values are always parameters; so there are a few dozen.
 */
class PreparingClient extends pg.Client {
  // biome-ignore lint/suspicious/noExplicitAny: pg's own overloads, all handed on
  override query(...args: any[]): any {
    const [text, values, ...rest] = args
    if (typeof text !== 'string' || !Array.isArray(values)) return super.query(...(args as [string]))
    const name = names.get(text) ?? `s${names.size}`
    names.set(text, name)
    return super.query({ name, text, values }, ...(rest as []))
  }
}

/**
 * By default names are looked up first in a schema that is called like the role: whoever may make schemas, as the role
 * that serves may, could put another table or function in the place of ours for the role that owns them.
 */
export const ownSchemaAlone = '-c search_path=public'

/**
 * @param size most connections; Locksmith's own statements are short, so few are enough
 * @param mark without it nothing can be written to the audit
 */
export function createPool(connectionString: string, size = 10, mark?: Marking['mark']): Pool {
  const marking: Marking = { kin: {}, ...(mark && { mark }) }
  const pool = new pg.Pool({
    Client: class extends PreparingClient {
      constructor(...args: ConstructorParameters<typeof PreparingClient>) {
        super(...args)
        Object.assign(this, marking)
      }
    },
    connectionString,
    max: size,
    application_name: 'locksmith',
    options: ownSchemaAlone,
    connectionTimeoutMillis: 5_000,
    // A process that is stopped in the middle of a transaction must not keep the others from what it has locked.
    idle_in_transaction_session_timeout: 5_000,
    // A server that vanished without a word is not waited for: ours are all short.
    query_timeout: 30_000,
    // What nobody waits for any more is not to go on.
    statement_timeout: 30_000,
    keepAlive: true
  })
  // A connection that breaks (a restart of PostgreSQL) is dropped by the pool, or fails the next query of who
  // holds it; without a listener the event would end the process, whether it is idle or between two queries.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  return Object.assign(pool, marking)
}
