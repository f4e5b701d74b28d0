import { type Statement, statementsOf } from './authtoken.sql.ts'
import { connect, type Database, dialectOf } from './database.ts'
import { type Access, directDriver, type Gate, tokenCacheMs } from './direct.ts'
import type { RevocationDriver } from './driver.ts'
import { probing } from './errors.ts'
import { troubleOf } from './sql-troubles.ts'
import { tokenOfRow } from './token-row.ts'

export type SqlOptions = {
  /** `postgres://…`, or `mysql://…` for MySQL and MariaDB. */
  url: string
  /** `dbtableprefix` of Nextcloud. */
  prefix: string
  /** See {@link tokenCacheMs}. */
  cacheMs?: number
}

/** A statement has no more parameters than any server takes. */
const idsAtOnce = 500

/**
 * Nextcloud's own database: works for users of every backend, whatever their second factor, in a few milliseconds. It
 * does not know who is a user (those of a directory are not in it): an unknown one has no tokens here. So the id must be
 * as Nextcloud gave it a moment ago.
 */
export function sqlDriver({
  url,
  prefix,
  cacheMs = tokenCacheMs
}: SqlOptions): RevocationDriver & { close(): Promise<void> } {
  const statements = statementsOf(dialectOf(url), prefix)
  let database: Database | undefined

  async function run(text: string, values: unknown[], gate?: Gate) {
    try {
      database ??= connect(url)
      return await database.run(text, values, gate && (() => pass(gate)))
    } catch (error) {
      throw error instanceof Passed ? error.cause : troubleOf(error, prefix)
    }
  }

  const ask = ({ text, fill }: Statement, userId: string) => run(text, fill(userId))

  const access: Access = {
    name: 'sql',
    probe: () =>
      probing(async () => {
        for (const text of statements.probes) await run(text, [])
      }),
    list: async (userId) =>
      (await ask(statements.list, userId)).map(({ id, name, type, last_activity }) =>
        // bigint comes as text from PostgreSQL.
        tokenOfRow({
          id: Number(id),
          name,
          type: type === null ? null : Number(type),
          lastActivity: Number(last_activity ?? 0)
        })
      ),
    async remove(userId, tokens, gate) {
      for (let at = 0; at < tokens.length; at += idsAtOnce) {
        const ids = tokens.slice(at, at + idsAtOnce).map(({ id }) => id)
        const { text, fill } = statements.remove(ids.length)
        await run(text, fill(userId, ids), gate)
      }
    },
    hasResetLink: async (userId) => (await ask(statements.findResetLink, userId)).length > 0,
    async killResetLink(userId, gate) {
      const { text, fill } = statements.removeResetLink
      await run(text, fill(userId), gate)
    }
  }

  return { ...directDriver(access, cacheMs), close: async () => database?.close() }
}

/** Carries what the gate says past the meaning of database errors. */
class Passed extends Error {}

async function pass(gate: Gate): Promise<void> {
  try {
    await gate.confirm()
    gate.assertFresh()
  } catch (cause) {
    throw new Passed('', { cause })
  }
}
