import { isTarget, type RevocationDriver, type RevokeRequest, type RevokeResult } from './driver.ts'
import { RevocationError } from './errors.ts'
import { Tally } from './tally.ts'

type List = NonNullable<RevocationDriver['list']>

/** A wipe marks at most 1,000 tokens, in no order; new ones can appear meanwhile. */
const rounds = 5

export type WipeOptions = {
  /** `POST /cloud/users/{id}/wipe`, behind the fence of the request. @throws NextcloudError */
  nextcloud: { wipeDevices(id: string): Promise<void> }
  /** A driver that sees the tokens, where one is at hand: it tells what a wipe does not. */
  lister?: Pick<RevocationDriver, 'list' | 'hasResetLink'>
}

/**
 * Remote wipe: every session and app password stops working at once, and stays as one that is to be wiped; a client that
 * comes back with it erases what it holds. Works over plain HTTP for users of every backend. It cannot be a part of them,
 * and without a lister nothing can be counted: Nextcloud says "done" whatever it did. With one, a token that appears
 * between the list and the wipe is wiped, and not counted.
 */
export function wipeDriver({ nextcloud, lister }: WipeOptions): RevocationDriver {
  async function revoke(request: RevokeRequest): Promise<RevokeResult> {
    if (Object.values(request.which).some((part) => part !== undefined)) {
      throw new RevocationError(
        'wipe',
        'A remote wipe ends every session and app password, not some of them.',
        {
          isPassing: false,
          mend: 'Revoke some by OCC_COMMAND, NEXTCLOUD_DATABASE_URL or a log-in.'
        }
      )
    }
    const { list } = lister ?? {}
    return list && (await canCount(list, request)) ? wipeAndCount(request, list) : wipeBlindly(request)
  }

  /** Nobody keeps their devices from being wiped by having more of them than can be listed. */
  async function canCount(list: List, { userId }: RevokeRequest): Promise<boolean> {
    try {
      await list(userId)
      return true
    } catch (error) {
      if (error instanceof RevocationError && !error.isPassing) return false
      throw error
    }
  }

  async function wipe({ userId, fence }: RevokeRequest): Promise<void> {
    await fence.confirm()
    if (!fence.isFresh()) {
      throw new RevocationError('wipe', 'This process was held up, so nothing was changed.', {
        isPassing: true
      })
    }
    await nextcloud.wipeDevices(userId)
  }

  async function wipeBlindly(request: RevokeRequest): Promise<RevokeResult> {
    await wipe(request)
    return {
      kind: 'revoked',
      revoked: 'unknown',
      remaining: 'unknown',
      kept: 'unknown',
      wipePending: 'unknown',
      earlierResetLink: 'unknown'
    }
  }

  async function wipeAndCount(request: RevokeRequest, list: List): Promise<RevokeResult> {
    const { userId, which } = request
    const tally = new Tally(request.progress)
    for (let round = 0; ; round++) {
      const tokens = await list(userId)
      const left = tokens.filter((token) => isTarget(token, which))
      if (tally.note(left)) await request.saveProgress(tally.toJSON())
      if (left.length > 0 && round < rounds) {
        await wipe(request)
        continue
      }
      return {
        kind: 'revoked',
        revoked: tally.without(left),
        remaining: left.length,
        kept: { sessions: 0, appPasswords: 0 },
        wipePending: tokens.length - left.length,
        // A wipe leaves it alone.
        earlierResetLink: (await lister?.hasResetLink?.(userId)) === false ? 'dead' : 'unknown'
      }
    }
  }

  return { name: 'wipe', probe: async () => ({ works: true }), revoke }
}
