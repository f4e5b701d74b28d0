import { isConflict, isDatabaseFailure } from '../db/failure.ts'
import { RevocationError, type Trouble, troubled } from './errors.ts'

const passing = (because: string, mend = 'It is tried again.'): Trouble => ({
  because,
  mend,
  isPassing: true
})
const lasting = (because: string, mend: string): Trouble => ({ because, mend, isPassing: false })

const away = passing(
  'The database of Nextcloud was not reached, or broke off.',
  'NEXTCLOUD_DATABASE_URL must name its host and port as they are seen from Locksmith.'
)
const refused = lasting(
  'The database of Nextcloud does not let the role of NEXTCLOUD_DATABASE_URL in.',
  'Put user, password and database in it right (special characters of a password in percent encoding), and allow that role from the address of Locksmith.'
)
const readOnly = lasting(
  'The database that NEXTCLOUD_DATABASE_URL names takes no changes.',
  'It must name the primary that Nextcloud writes to.'
)
const untrusted = lasting(
  'TLS to the database of Nextcloud did not come about.',
  'Set `sslmode` (PostgreSQL) or `ssl-mode` and `ssl-ca` (MySQL) in NEXTCLOUD_DATABASE_URL as the server has it.'
)
const busy = passing('The database of Nextcloud was too busy.')

/** SQLSTATEs of PostgreSQL, names of MySQL's and mysql2's errors, codes of sockets; by the first that fits. */
const byCode: [RegExp, Trouble][] = [
  [/^(28|3D000|ER_(DB)?ACCESS_DENIED|ER_HOST_|ER_BAD_DB|ER_NOT_SUPPORTED_AUTH)/, refused],
  [/^(25006|ER_OPTION_PREVENTS|ER_CANT_EXECUTE_IN_READ_ONLY|ER_READ_ONLY)/, readOnly],
  [/^HANDSHAKE|CERT|SSL|TLS|SELF_SIGNED|ISSUER/, untrusted],
  [
    /^(57014|55P03|ER_LOCK_|ER_QUERY_(INTERRUPTED|TIMEOUT)|ER_STATEMENT_TIMEOUT|ER_(TOO_MANY_USER|CON_COUNT|USER_LIMIT))/,
    busy
  ],
  [/^(PROTOCOL_|ER_SERVER_SHUTDOWN|ER_CONNECTION_KILLED|ER_NORMAL_SHUTDOWN|ECONN|ETIMEDOUT)/, away]
]

/** What an error of either database means. Its own text, which may name addresses, stays in `cause`. */
export function troubleOf(error: unknown, prefix: string): RevocationError {
  if (error instanceof RevocationError) return error
  return troubled('sql', meaningOf(error, prefix), error)
}

function meaningOf(error: unknown, prefix: string): Trouble {
  const { code: given, message = '' } = (error ?? {}) as { code?: unknown; message?: string }
  const code = typeof given === 'string' ? given : ''
  const known = byCode.find(([pattern]) => pattern.test(code))
  if (known) return known[1]
  if (/^(42P01|ER_NO_SUCH_TABLE)$/.test(code)) {
    return lasting(
      `There is no table \`${prefix}authtoken\` or \`${prefix}preferences\` where NEXTCLOUD_DATABASE_URL leads.`,
      'NEXTCLOUD_TABLE_PREFIX must be `dbtableprefix`, and the database `dbname`, of config.php.'
    )
  }
  if (/^(42703|ER_BAD_FIELD_ERROR)$/.test(code)) {
    return lasting(
      `\`${prefix}authtoken\` or \`${prefix}preferences\` lacks a column that Nextcloud has.`,
      'It must be the database of Nextcloud 31 or later.'
    )
  }
  if (/^(42501|ER_(TABLE|COLUMN)ACCESS_DENIED)/.test(code)) {
    return lasting('The role of NEXTCLOUD_DATABASE_URL lacks a right.', grantsFor(prefix))
  }
  if (/SSL|certificate/i.test(message)) return untrusted
  // pg says so without a code where the URL has no password.
  if (/password|SASL/.test(message)) return refused
  if (error instanceof TypeError && code === 'ERR_INVALID_URL') {
    return lasting(
      'NEXTCLOUD_DATABASE_URL is no URL.',
      'Special characters of a password need percent encoding.'
    )
  }
  if ((code === 'ENOENT' || code === 'EACCES') && (error as { syscall?: string }).syscall !== 'connect') {
    return lasting(
      `A file that NEXTCLOUD_DATABASE_URL names could not be read (${code}).`,
      'Put `sslrootcert` or `ssl-ca` in it right.'
    )
  }
  if (isDatabaseFailure(error) || code === 'ENOENT') return away
  if (isConflict(error)) return busy
  return lasting(
    'The database of Nextcloud failed in a way that is not known.',
    'The log of Locksmith has what it said.'
  )
}

/** Exactly what the statements read and delete. */
const grantsFor = (prefix: string) =>
  `GRANT SELECT (id, uid, name, type, last_activity), DELETE ON ${prefix}authtoken TO …; GRANT SELECT (userid, appid, configkey), DELETE ON ${prefix}preferences TO …;`
