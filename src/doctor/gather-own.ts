import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { networkInterfaces } from 'node:os'
import type { AuditKeys } from '../audit/keys.ts'
import { readLastCheckpoint, refuseLoss } from '../audit/loss.ts'
import { BrokenTree } from '../audit/seal.ts'
import { knownMigrations } from '../db/migrate.ts'
import { findMigrations } from '../db/migration.sql.ts'
import type { Pool } from '../db/pool.ts'
import type { Vault } from '../integrations/vault.ts'
import { findEndpointHealth } from '../integrations/webhooks/deliveries.sql.ts'
import { contextOf } from '../integrations/webhooks/endpoint.ts'
import { findAuditFacts } from './audit.sql.ts'
import { findTime } from './database.sql.ts'
import type { DatabaseFacts, WebhookFacts } from './facts.ts'

/** Less is not said to be a skew. */
const unnoticedMs = 1_000

/**
 * @param checkpointFile of AUDIT_CHECKPOINT_FILE
 * @throws where the database does not answer, or has no tables of ours
 */
export async function examineDatabase(
  pool: Pool,
  keys: AuditKeys,
  checkpointFile: string | undefined
): Promise<DatabaseFacts> {
  const applied = await findMigrations(pool)
  const started = Date.now()
  const now = await findTime(pool)
  const received = Date.now()
  const apart = now.getTime() - (started + received) / 2
  const known = knownMigrations()
  const hasAudit = applied?.includes('0013_audit_tree')
  return {
    missing: known.filter((name) => !applied?.includes(name)),
    unknown: (applied ?? []).filter((name) => !known.includes(name)),
    ...(hasAudit && {
      audit: { ...(await findAuditFacts(pool)), broken: await whyBroken(pool, keys, checkpointFile) }
    }),
    aheadMs: Math.abs(apart) <= (received - started) / 2 + unnoticedMs ? 0 : Math.round(apart)
  }
}

async function whyBroken(pool: Pool, keys: AuditKeys, file: string | undefined): Promise<string | undefined> {
  try {
    await refuseLoss(pool, keys, await readLastCheckpoint(file))
    return undefined
  } catch (error) {
    if (error instanceof BrokenTree) return error.message
    throw error
  }
}

/** Whether each endpoint can be told anything; nothing is sent. @throws where the database does not answer */
export async function examineWebhooks(pool: Pool, vault: Vault | undefined): Promise<WebhookFacts[]> {
  const endpoints = await findEndpointHealth(pool)
  return endpoints.map(({ secret, ...endpoint }) => ({
    ...endpoint,
    isLocked: secret !== null && vault?.open(secret, contextOf(endpoint.id)) === undefined
  }))
}

/** What is wrong with the database, without its address: that may hold a password. */
export function sayDatabase(error: unknown): string {
  const { code, message = '' } = (error ?? {}) as { code?: string; message?: string }
  if (code && /^28/.test(code)) return 'it refuses the user or password.'
  if (code === '3D000') return 'there is no database of that name.'
  if (code === '42501') return 'its role may not read the tables of Locksmith.'
  if (code) return `it does not answer (${code}).`
  return /timeout|time/i.test(message) ? 'it does not answer in time.' : 'it does not answer.'
}

/** The addresses that this machine has. */
export const ownAddresses = (): string[] =>
  Object.values(networkInterfaces()).flatMap((all) => (all ?? []).map(({ address }) => address))

/** The addresses to which we connect when we call it. */
export async function addressesOf({ hostname }: URL): Promise<string[]> {
  const bare = hostname.replace(/^\[(.*)\]$/, '$1')
  if (isIP(bare)) return [bare]
  return (await lookup(bare, { all: true })).map(({ address }) => address)
}
