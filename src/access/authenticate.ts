import type { Pool } from '../db/pool.ts'
import { DomainError } from '../errors.ts'
import { findKey } from './key.sql.ts'
import { hashOf, isSameHash, parseKey } from './key.ts'
import type { Caller } from './scope.ts'

/** Reads the `Authorization` header. @throws DomainError unauthorized */
export type Authenticate = (authorization: string | undefined) => Promise<Caller>

/** `LOCKSMITH_API_KEY`: it belongs to whoever has the host. */
const first: Caller = { actor: 'key:first', owner: 'host', scopes: ['admin'], vouchers: [] }

/** A key that was found stays found for a second: revoking one takes effect within that, on every replica. */
const rememberMs = 1_000

/** @param firstKey `LOCKSMITH_API_KEY`: every scope, kept in no table */
export function createAuthenticate(pool: Pool, firstKey: string | undefined): Authenticate {
  const firstHash = firstKey === undefined ? undefined : hashOf(firstKey)
  const found = new Map<string, { caller: Caller; until: number }>()

  async function lookUp(key: string): Promise<Caller | undefined> {
    const hash = hashOf(key)
    if (firstHash && isSameHash(hash, firstHash)) return first
    const id = parseKey(key)
    if (id === undefined) return undefined
    const name = hash.toString('base64')
    const known = found.get(name)
    if (known && known.until > performance.now()) return known.caller
    found.delete(name)
    const row = await findKey(pool, id)
    if (!row || !isSameHash(row.secretHash, hash)) return undefined
    const { scopes, requireIdempotencyKey } = row
    const actor = `key:${row.id}` as const
    const caller = { actor, owner: actor, scopes, vouchers: [], requireIdempotencyKey }
    if (found.size > 1_000) found.clear()
    found.set(name, { caller, until: performance.now() + rememberMs })
    return caller
  }

  return async (authorization) => {
    const key = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1]
    const caller = key && (await lookUp(key))
    if (caller) return caller
    const detail = authorization
      ? 'The API key is unknown or revoked, or was mistyped. Nothing was done.'
      : 'Send an API key: `Authorization: Bearer lsk_…`. Nothing was done.'
    throw new DomainError('unauthorized', detail, {
      headers: { 'www-authenticate': 'Bearer realm="Locksmith"' }
    })
  }
}
