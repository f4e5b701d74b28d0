import { setTimeout as sleep } from 'node:timers/promises'
import { NextcloudError } from '../nextcloud/errors.ts'
import type { Token } from '../nextcloud/session.ts'
import type { Fence } from '../nextcloud/transport.ts'
import {
  type DriverName,
  isTarget,
  type RevocationDriver,
  type RevokeRequest,
  type RevokeResult
} from './driver.ts'
import { RevocationError } from './errors.ts'
import { ownSessionName } from './own-session.ts'
import { count, Tally } from './tally.ts'

/**
 * How long Nextcloud may go on taking a token whose row was deleted past it: 10 s from its cache, and in use it is cached
 * anew twice (when its last activity is over 60 s old, when its last check is over 5 min old; tried on 31 and 34: 19 s).
 * With `token_auth_activity_update` below 10 in its config.php one that is in use never leaves the cache.
 */
export const tokenCacheMs = 30_000

/** New tokens can appear while we delete; a user who is faster than this many rounds needs a person. */
const rounds = 5

/** Where only a part is listed at once. */
const roundsOfParts = 100

/** Asked right before each change. */
export type Gate = {
  /** @throws where others took over */
  confirm(): Promise<void>
  /** At the very moment of the change. @throws where that is not sure enough any more */
  assertFresh(): void
}

/** Tokens and reset links without a log-in, by whatever reaches them. @throws NextcloudError, RevocationError */
export type Access = {
  name: DriverName
  probe: RevocationDriver['probe']
  /** @throws NextcloudError unknown-user; left out where only those who gave the id can know */
  assertUser?(userId: string): Promise<void>
  /** Of exactly this user, wiped ones too. */
  list(userId: string): Promise<Token[]>
  /** As many as it lists at most: so many, and there may be more. */
  listsAtMost?: number
  /** One that is gone already, or is to be wiped by now, is no failure. */
  remove(userId: string, tokens: Token[], gate: Gate): Promise<void>
  hasResetLink(userId: string): Promise<boolean>
  killResetLink(userId: string, gate: Gate): Promise<void>
}

/**
 * A driver that lists, deletes and reads back behind Nextcloud's back: no password is set and nobody logs in.
 * Nextcloud takes a deleted token for a while yet, and in that while a new one can be made with it: so the cache is waited
 * out before the list that counts. Safe to do again: nothing but what is listed as the user's is deleted.
 */
export function directDriver(access: Access, cacheMs: number): RevocationDriver {
  const { name } = access
  const isPart = (tokens: Token[]) => tokens.length >= (access.listsAtMost ?? Number.POSITIVE_INFINITY)

  async function readable(userId: string): Promise<void> {
    // What no user id can hold would reach a program or a database as something else.
    if (userId === '' || userId.includes('\0') || !userId.isWellFormed()) throw unknownUser()
    await access.assertUser?.(userId)
  }

  /** @returns whether one is there all the same: read back, never believed */
  async function killedLink(userId: string, gate: Gate): Promise<boolean> {
    if (!(await access.hasResetLink(userId))) return false
    await access.killResetLink(userId, gate)
    return access.hasResetLink(userId)
  }

  async function revoke({ userId, which, fence, ...request }: RevokeRequest): Promise<RevokeResult> {
    await readable(userId)
    const gate = gateOf(name, fence)
    const tally = new Tally(request.progress)
    // A reset link is a credential, too (fact 11); whoever loses one device keeps it.
    const isLockOut = which.tokenId === undefined && which.lastUsedBefore === undefined
    // An earlier attempt may have deleted right before it ended.
    let isCached = !tally.isEmpty
    let tokens: Token[]
    let left: Token[]
    let isLinkPending: boolean | undefined
    for (let round = 0; ; ) {
      if (isLockOut) isLinkPending = await killedLink(userId, gate)
      tokens = await access.list(userId)
      left = tokens.filter((token) => isTarget(token, which))
      // Kept before the first delete: whoever takes over after a crash still counts right.
      // A log-in of ours that only tried the password goes with the rest, and is not counted.
      const theirs = left.filter((token) => token.name !== ownSessionName(request.operationId))
      if (tally.note(theirs)) await request.saveProgress(tally.toJSON())
      if (left.length > 0) {
        if (round++ >= (isPart(tokens) ? roundsOfParts : rounds)) break
        await access.remove(userId, left, gate)
        isCached = true
      } else if (isPart(tokens)) {
        throw tooMany(name)
      } else if (isCached) {
        await sleep(cacheMs)
        isCached = false
      } else break
    }
    const wiped = tokens.filter(({ kind }) => kind === 'wiped')
    return {
      kind: 'revoked',
      // One that is to be wiped by now went without us.
      revoked: tally.without([...left, ...wiped]),
      remaining: left.length,
      kept: count(tokens.filter((token) => !isTarget(token, which)).map(({ kind }) => kind)),
      wipePending: wiped.length,
      earlierResetLink: (isLinkPending ?? (await access.hasResetLink(userId))) ? 'unknown' : 'dead'
    }
  }

  return {
    name,
    probe: access.probe,
    async list(userId) {
      await readable(userId)
      const tokens = await access.list(userId)
      if (isPart(tokens)) throw tooMany(name)
      return tokens
    },
    async hasResetLink(userId) {
      await readable(userId)
      return access.hasResetLink(userId)
    },
    revoke
  }
}

export const unknownUser = () => new NextcloudError('unknown-user', 'Nextcloud knows no user of this id.')

/** What is not shown could be anything: no list that may be a part of it, and no count, is given for the whole. */
const tooMany = (name: DriverName) =>
  new RevocationError(name, 'The user has more tokens than are listed at once.', {
    isPassing: false,
    mend: 'NEXTCLOUD_DATABASE_URL lists all.'
  })

function gateOf(name: DriverName, fence: Fence): Gate {
  return {
    confirm: () => fence.confirm(),
    assertFresh() {
      if (fence.isFresh()) return
      throw new RevocationError(name, 'This process was held up, so nothing more was changed.', {
        isPassing: true
      })
    }
  }
}
