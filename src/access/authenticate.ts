import type { Pool } from '../db/pool.ts'
import { DomainError } from '../errors.ts'
import { createBriefly } from './briefly.ts'
import { findValidKey, type KeyRow, noteUse } from './key.sql.ts'
import { hashOf, isSameHash, parseKey } from './key.ts'
import { networks } from './network.ts'
import type { Caller } from './scope.ts'

/** A caller whose credential is good, and whether it may call from an address. */
export type Known = { caller: Caller; isFrom(address: string): boolean; used(): void }

/** Reads the `Authorization` header. @throws DomainError unauthorized, identity-provider-unavailable */
export type Authenticate = (authorization: string | undefined) => Promise<Known>

/** Access tokens of identity providers. @returns undefined for what is none. @throws DomainError */
export type ReadToken = (token: string) => Promise<Caller | undefined>

/** `LOCKSMITH_API_KEY`: it belongs to whoever has the host. */
export const first: Caller = { actor: 'key:first', owner: 'host', scopes: ['admin'], vouchers: [] }

/** How often it is written down that a key was used. */
const noteMs = 60_000

export type AuthenticateOptions = {
  pool: Pool
  /** `LOCKSMITH_API_KEY`: every scope, kept in no table. */
  firstKey?: string | undefined
  readToken?: ReadToken
  /** Nobody waits for this. */
  onError?: (error: unknown) => void
}

export function createAuthenticate({
  pool,
  firstKey,
  readToken,
  onError = () => {}
}: AuthenticateOptions): Authenticate {
  const firstHash = firstKey === undefined ? undefined : hashOf(firstKey)
  const found = createBriefly<Known>()
  const noted = new Map<string, number>()

  async function lookUp(credential: string): Promise<Known | undefined> {
    const hash = hashOf(credential)
    if (firstHash && isSameHash(hash, firstHash)) return anywhere(first)
    const id = parseKey(credential)
    if (id === undefined) {
      const caller = await readToken?.(credential)
      return caller && anywhere(caller)
    }
    return found.find(hash.toString('base64'), async () => {
      const row = await findValidKey(pool, id)
      if (!row || !isSameHash(row.secretHash, hash)) return undefined
      return { ...ofKey(row), used: () => note(row.id) }
    })
  }

  /** Never in the way of a request: it is neither waited for nor able to fail one. */
  function note(id: string): void {
    const now = performance.now()
    if ((noted.get(id) ?? -noteMs) > now - noteMs) return
    if (noted.size > 10_000) noted.clear()
    noted.set(id, now)
    noteUse(pool, id).catch(onError)
  }

  return async (authorization) => {
    const credential = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1]
    const known = credential && (await lookUp(credential))
    if (known) return known
    throw unauthorized(
      authorization
        ? 'The API key is unknown, revoked or expired, or was mistyped. Nothing was done.'
        : 'Send an API key: `Authorization: Bearer lsk_…`. Nothing was done.'
    )
  }
}

/** What a 401 has to say (RFC 9110, 15.5.2). */
export const challenge = { 'www-authenticate': 'Bearer realm="Locksmith"' } as const

export const unauthorized = (detail: string, cause?: unknown) =>
  new DomainError('unauthorized', detail, { cause, headers: { ...challenge } })

/** That it is used is written down nowhere. */
export const ofKey = (row: KeyRow): Known => ({
  caller: callerOf(row),
  isFrom: row.allowedCidrs ? networks(row.allowedCidrs) : () => true,
  used: () => {}
})

export const anywhere = (caller: Caller): Known => ({ caller, isFrom: () => true, used: () => {} })

export const callerOf = (row: KeyRow): Caller => ({
  actor: `key:${row.id}`,
  owner: row.owner,
  scopes: row.scopes,
  vouchers: row.vouchers,
  since: row.since,
  requireIdempotencyKey: row.requireIdempotencyKey,
  lineage: row.lineage.map((id) => `key:${id}` as const),
  ...(row.allowedGroups && { groups: row.allowedGroups }),
  ...(row.allowedCidrs && { cidrs: row.allowedCidrs }),
  ...(row.expiresAt && { expiresAt: row.expiresAt })
})
