export type Dialect = 'postgres' | 'mysql'

export type Statements = {
  /** Parameters: the user. Columns: id, name, type, last_activity. */
  list: Statement
  /** Parameters: the user, then so many ids. Whatever became a wipe meanwhile survives. */
  remove(ids: number): Statement
  /** Parameters: the user. */
  findResetLink: Statement
  removeResetLink: Statement
  /** Everything that is needed, on no row: fails where a table, column or right is missing. No parameters. */
  probes: string[]
}

/** `fill`: the values in the order of the text, from the user and the ids. */
export type Statement = { text: string; fill(userId: string, ids?: number[]): unknown[] }

/**
 * All that is ever said to Nextcloud's database. Old rows of `version` 1 count, too: a later Nextcloud may have a 3, and
 * a row that is not seen would be a false 0.
 * @param prefix `dbtableprefix`: letters, digits and _ only
 */
export function statementsOf(dialect: Dialect, prefix: string): Statements {
  if (!/^\w*$/.test(prefix)) throw new Error('The table prefix must be letters, digits and _.')
  const quote = dialect === 'postgres' ? '"' : '`'
  const tokens = `${quote}${prefix}authtoken${quote}`
  const preferences = `${quote}${prefix}preferences${quote}`
  const link = (owner: string) =>
    `FROM ${preferences} WHERE ${owner} AND appid = 'core' AND configkey = 'lostpassword'`
  // NULL is the column's default in no Nextcloud, but allowed.
  const notWiped = '(type IS NULL OR type <> 2)'
  const user = dialect === 'postgres' ? isInPostgres : isInMysql
  const statement = (text: string): Statement => ({
    text,
    fill: (userId, ids = []) => [...Array(user.times).fill(userId), ...ids]
  })
  const id = (at: number) => (dialect === 'postgres' ? `$${at + 2}` : '?')
  return {
    list: statement(`SELECT id, name, type, last_activity FROM ${tokens} WHERE ${user.of('uid')}`),
    remove: (ids) =>
      statement(
        `DELETE FROM ${tokens} WHERE ${user.of('uid')} AND id IN (${Array.from({ length: ids }, (_, at) => id(at))}) AND ${notWiped}`
      ),
    findResetLink: statement(`SELECT 1 AS found ${link(user.of('userid'))}`),
    removeResetLink: statement(`DELETE ${link(user.of('userid'))}`),
    probes: [
      `SELECT id, uid, name, type, last_activity FROM ${tokens} WHERE 1 = 0`,
      `SELECT userid, appid, configkey FROM ${preferences} WHERE 1 = 0`,
      `DELETE FROM ${tokens} WHERE uid = '' AND id = 0 AND type = 0 AND 1 = 0`,
      `DELETE FROM ${preferences} WHERE userid = '' AND appid = '' AND configkey = '' AND 1 = 0`
    ]
  }
}

type Is = { of(column: string): string; times: number }

const isInPostgres: Is = { of: (column) => `${column} = $1`, times: 1 }

/**
 * To `=` in utf8mb4_bin `alice ` is `alice`, and in older tables even `Alice` may be: so the bytes are compared as well;
 * the first comparison is for the index.
 */
const isInMysql: Is = {
  of: (column) =>
    `${column} = ? AND CAST(CONVERT(${column} USING utf8mb4) AS BINARY) = CAST(CONVERT(? USING utf8mb4) AS BINARY)`,
  times: 2
}

/** Said once a connection: a row that others hold is waited for no longer than a statement may take. */
export const mysqlSettings = 'SET SESSION innodb_lock_wait_timeout = 8, SESSION lock_wait_timeout = 8'
