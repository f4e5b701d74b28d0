/**
 * Who is signed in to the console. A session is no right of its own: it stands for a key, or for what an access token
 * allowed, and is looked up as often as these are.
 */
import { createHash, createHmac, randomBytes } from 'node:crypto'
import type { Db, Pool } from '../db/pool.ts'
import { anywhere, first, type Known, ofKey, unauthorized } from './authenticate.ts'
import { createBriefly } from './briefly.ts'
import type { Issuer } from './issuers.ts'
import { findValidKey } from './key.sql.ts'
import { hashOf, isSameHash } from './key.ts'
import type { Caller } from './scope.ts'
import {
  deleteSession,
  findSession,
  insertSession,
  type SessionRow,
  type Stand,
  touchSession
} from './session.sql.ts'

export type Session = {
  /** What the cookie holds: shown to nobody else. */
  token: string
  known: Known
  /** What the person reads of itself: the name of the key, or the subject. */
  name: string
  expiresAt: Date
  /** Stands in each of its forms. */
  formToken: string
}

export type Sessions = {
  /** @param until it ends then, or earlier. @returns the cookie's value, and when it ends */
  begin(tx: Db, caller: Caller, until?: Date): Promise<{ token: string; expiresAt: Date }>
  /** @returns undefined for one that is over, or whose key is */
  find(token: string): Promise<Session | undefined>
  /** Its person did something. */
  touch(session: Session): Promise<void>
  /** @returns whether there was one */
  end(tx: Db, session: Session): Promise<boolean>
  /** `Authorization` of a request that this process makes of itself for a session: no other process takes it. */
  authorizationOf(session: Session): string
  /** The session's token in such a header; undefined: this process did not write it. */
  tokenWithin(authorization: string | undefined): string | undefined
}

export type SessionOptions = { pool: Pool; firstKey?: string | undefined; issuers: Issuer[] }

export function createSessions({ pool, firstKey, issuers }: SessionOptions): Sessions {
  const secret = randomBytes(32).toString('base64url')
  const found = createBriefly<Session>()

  const standOf = (token: string, caller: Caller): Stand => {
    if (caller.actor === first.actor) return { firstProof: proofOf(token, firstKey!) }
    if (caller.actor.startsWith('key:')) return { keyId: caller.actor.slice('key:'.length) }
    const issuer = issuers.find((each) => caller.actor.startsWith(`oidc:${each.issuer}#`))!
    return { issuer: issuer.issuer, caller }
  }

  /** Who it is worth now. */
  async function knownOf(
    token: string,
    row: SessionRow
  ): Promise<{ known: Known; name: string } | undefined> {
    if (row.keyId !== null) {
      const key = await findValidKey(pool, row.keyId)
      return key && { known: ofKey(key), name: key.name }
    }
    if (row.firstProof !== null) {
      const isSame = firstKey !== undefined && isSameHash(row.firstProof, proofOf(token, firstKey))
      return isSame ? { known: anywhere(first), name: 'LOCKSMITH_API_KEY' } : undefined
    }
    // Whose tokens are taken no more gets in by none of their sessions, either.
    const issuer = issuers.find((each) => each.issuer === row.issuer && each.signIn !== undefined)
    if (!issuer) return undefined
    const { since, ...rest } = row.caller!
    const caller: Caller = { ...rest, ...(since !== undefined && { since: new Date(since) }) }
    return { known: anywhere(caller), name: caller.actor.slice(caller.actor.indexOf('#') + 1) }
  }

  return {
    async begin(tx, caller, until) {
      const token = randomBytes(32).toString('base64url')
      const expiresAt = await insertSession(tx, hashOf(token), caller.actor, standOf(token, caller), until)
      return { token, expiresAt }
    },
    async find(token) {
      if (!/^[\w-]{43}$/.test(token)) return undefined
      const hash = hashOf(token)
      return found.find(hash.toString('base64'), async () => {
        const row = await findSession(pool, hash)
        const known = row && (await knownOf(token, row))
        return known && { token, ...known, expiresAt: row.expiresAt, formToken: formTokenOf(token) }
      })
    },
    touch: ({ token }) => touchSession(pool, hashOf(token)),
    async end(tx, { token }) {
      const hash = hashOf(token)
      found.forget(hash.toString('base64'))
      return deleteSession(tx, hash)
    },
    authorizationOf: ({ token }) => `Session ${secret} ${token}`,
    tokenWithin(authorization) {
      const [, given = '', token] = /^Session (\S+) (\S+)$/.exec(authorization ?? '') ?? []
      return isSameHash(hashOf(given), hashOf(secret)) ? token : undefined
    }
  }
}

/** @throws DomainError unauthorized */
export async function knownWithin(sessions: Sessions, token: string): Promise<Known> {
  const session = await sessions.find(token)
  if (session) return session.known
  throw unauthorized('This session is over. Nothing was done. Sign in again.')
}

/** Without the cookie's value it says nothing of the key, which somebody may have thought up. */
const proofOf = (token: string, key: string) => createHash('sha256').update(`${token} ${key}`).digest()

const formTokenOf = (token: string) => createHmac('sha256', token).update('form').digest('base64url')
