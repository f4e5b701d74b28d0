/** Making, replacing and revoking API keys, each with its audit event in one transaction. */
import { appendAudit } from '../audit/audit.sql.ts'
import type { Actor } from '../audit/event.ts'
import type { Db } from '../db/pool.ts'
import { DomainError } from '../errors.ts'
import { callerOf, unauthorized } from './authenticate.ts'
import {
  findKey,
  insertKey,
  type KeyRow,
  lockKeys,
  type NewKeyRow,
  reckon,
  replaceKey,
  revokeKey
} from './key.sql.ts'
import { makeKey } from './key.ts'
import { limitsOf, refuseMore, type Wish } from './limits.ts'
import type { Caller } from './scope.ts'

/** Who makes or ends a key: a caller with limits of its own, or somebody at the command line of the host. */
export type Maker = { caller?: Caller; requestId?: string }
export type Made = { row: KeyRow; key: string }

export type NewKey = Wish & { name: string; owner?: string }

export const longestOverlap = 'P30D'

/** @throws DomainError beyond-own-rights, invalid-request, unauthorized */
export async function createKey(tx: Db, { name, owner, ...wish }: NewKey, given: Maker): Promise<Made> {
  const maker = await asOfNow(tx, given)
  const { caller } = maker
  const limits = limitsOf(caller, wish)
  if (caller) refuseMore(caller, limits)
  const made = await insert(tx, maker, {
    ...limits,
    name,
    owner: owner ?? caller?.owner,
    // Whoever makes a second key, by whatever name, is no second pair of eyes.
    vouchers: caller ? vouchersOf(caller) : []
  })
  const { row } = made
  if (row.expiresAt && row.expiresAt <= row.createdAt) throw invalid('expiresAt is not in the future')
  await appendAudit(tx, { action: 'key.created', ...by(maker), details: detailsOf(row) })
  return made
}

/**
 * A new key in the place of another, which goes on for the overlap.
 * @param overlap ISO 8601 duration
 * @throws DomainError unknown-key, key-not-rotatable, beyond-own-rights, invalid-request, unauthorized
 */
export async function rotateKey(tx: Db, id: string, overlap: string, given: Maker): Promise<Made> {
  const maker = await asOfNow(tx, given, id)
  const { now, isLong } = await reckon(tx, { overlap })
  if (isLong) throw invalid(`overlap is longer than ${longestOverlap}`)
  const old = await findKey(tx, id)
  if (!old) throw unknownKey(id)
  if (!old.isValid || old.rotatedTo !== null) throw notRotatable(old)
  const { caller } = maker
  const isSelf = caller?.actor === `key:${id}`
  const expiresAt = laterExpiry(old, now, caller)
  if (caller && !isSelf) refuseMore(caller, { ...old, expiresAt })
  const { name, owner, scopes, requireIdempotencyKey, allowedCidrs, allowedGroups, lineage } = old
  const made = await insert(tx, maker, {
    ...{ name, owner, scopes, requireIdempotencyKey, allowedCidrs, allowedGroups, expiresAt },
    vouchers: caller && !isSelf ? [...new Set([...old.vouchers, ...vouchersOf(caller)])] : old.vouchers,
    lineage: [...lineage, id],
    // Whoever now holds somebody else's key was not known before.
    ...(isSelf && { since: old.since })
  })
  const to = made.row.id
  await replaceKey(tx, id, to, overlap)
  await appendAudit(tx, { action: 'key.rotated', ...by(maker), details: { keyId: id, to, overlap } })
  return made
}

/** Twice is fine. @throws DomainError unknown-key, unauthorized */
export async function endKey(tx: Db, id: string, given: Maker): Promise<KeyRow> {
  const maker = await asOfNow(tx, given, id)
  const row = await findKey(tx, id)
  if (!row) throw unknownKey(id)
  if (await revokeKey(tx, id))
    await appendAudit(tx, { action: 'key.revoked', ...by(maker), details: { keyId: id, name: row.name } })
  return (await findKey(tx, id))!
}

/**
 * The caller as it is in this very transaction, whatever was remembered of it: a key that was revoked or rotated a
 * moment ago leaves none behind that outlives it.
 * @param id another key that is to be locked as well
 * @throws DomainError unauthorized
 */
async function asOfNow(tx: Db, maker: Maker, ...ids: string[]): Promise<Maker> {
  const [, own] = /^key:(\w{12})$/.exec(maker.caller?.actor ?? '') ?? []
  await lockKeys(tx, [...ids, ...(own === undefined ? [] : [own])])
  if (own === undefined) return maker
  const row = await findKey(tx, own)
  if (!row?.isValid) throw unauthorized('Your key was revoked or has expired meanwhile. Nothing was done.')
  return { ...maker, caller: callerOf(row) }
}

type Insert = Omit<NewKeyRow, 'id' | 'secretHash' | 'owner' | 'createdBy'> & { owner: string | undefined }

async function insert(tx: Db, maker: Maker, { owner, ...wish }: Insert): Promise<Made> {
  const { id, key, hash } = makeKey()
  const { actor } = by(maker)
  const row = { ...wish, id, secretHash: hash, createdBy: actor, ...(owner !== undefined && { owner }) }
  return { row: await insertKey(tx, row), key }
}

const detailsOf = (row: KeyRow) => ({
  keyId: row.id,
  name: row.name,
  scopes: row.scopes,
  owner: row.owner,
  ...(row.requireIdempotencyKey && { requireIdempotencyKey: true as const }),
  ...(row.expiresAt && { expiresAt: row.expiresAt.toISOString() }),
  ...(row.allowedCidrs && { allowedCidrs: row.allowedCidrs }),
  ...(row.allowedGroups && { allowedGroups: row.allowedGroups })
})

const vouchersOf = ({ vouchers, owner }: Caller) => [...new Set([...vouchers, owner])]

/** As long as the old one was made for, and no longer than who rotates it: rotating itself no key lives longer. */
function laterExpiry({ expiresAt, createdAt }: KeyRow, now: Date, caller: Caller | undefined): Date | null {
  const ends = expiresAt && new Date(now.getTime() + expiresAt.getTime() - createdAt.getTime())
  const limit = caller?.expiresAt
  return limit && (!ends || ends > limit) ? limit : ends
}

function by({ caller, requestId }: Maker): { actor: Actor; requestId?: string } {
  return { actor: caller?.actor ?? 'host', ...(requestId !== undefined && { requestId }) }
}

const invalid = (what: string) => new DomainError('invalid-request', `${what}. Nothing was done.`)

export const unknownKey = (id: string) =>
  new DomainError('unknown-key', `There is no key ${id}. Nothing was done.`)

function notRotatable({ id, rotatedTo }: KeyRow): DomainError {
  return rotatedTo === null
    ? new DomainError(
        'key-not-rotatable',
        `The key ${id} is revoked or expired. Nothing was done: make a new one.`
      )
    : new DomainError(
        'key-not-rotatable',
        `The key ${rotatedTo} took the place of ${id} already. Nothing was done: rotate that one.`,
        { extra: { rotatedTo } }
      )
}
