import type { FencedNextcloud } from '../nextcloud/client.ts'
import { NextcloudError } from '../nextcloud/errors.ts'
import type { Passkey } from '../nextcloud/possessions.ts'
import type { Session, Token } from '../nextcloud/session.ts'
import { isTarget, type RevocationDriver, type RevokeRequest, type RevokeResult } from './driver.ts'
import { endOwnSession, ownSessionName } from './own-session.ts'
import { count, Tally } from './tally.ts'

/** New tokens can appear while we delete; a user who is faster than this many rounds needs a person. */
const rounds = 5

/** Beyond 1,000 tokens Nextcloud shows a part at a time. */
const roundsOfThousand = 100

const deletesAtOnce = 4

/**
 * Plain HTTP: log in as the user with the password that was just set, delete every token on the security
 * page, list again until nothing is left, and delete our own session last.
 */
export function sessionDriver(nextcloud: FencedNextcloud): RevocationDriver {
  async function revoke(request: RevokeRequest): Promise<RevokeResult> {
    const name = ownSessionName(request.operationId)
    const pastSecondFactor = request.pastSecondFactor ?? false
    const login = await nextcloud.logIn(request.userId, request.password!, name, { pastSecondFactor })
    if (login.kind === 'refused') return { kind: 'login-refused' }
    if (login.kind === 'second-factor') return { kind: 'second-factor', leftSession: name }
    try {
      return await revokeAs(login.session, request)
    } catch (error) {
      // Nothing of ours stays behind when we begin again; if this fails too, the next attempt deletes it. A deletion
      // that may still arrive finds it there: without it, it would log in by its password.
      if (!(error instanceof DeletionLost)) await endOwnSession(nextcloud, login.session).catch(() => {})
      throw error
    }
  }

  async function revokeAs(session: Session, request: RevokeRequest): Promise<RevokeResult> {
    const name = ownSessionName(request.operationId)
    await request.onLogin(session.loggedIn)
    const tally = new Tally(request.progress)
    let tokens: Token[] = []
    let passkeys: Passkey[] = []
    let left: Token[] = []
    let own: Token | undefined
    let isLost = false
    for (let round = 0; ; round++) {
      ;({ tokens, passkeys } = await nextcloud.look(session))
      own = tokens.find((token) => token.current)
      left = tokens.filter((token) => !token.current && isTarget(token, request.which))
      const unlocking = request.deletesPasskeys ? passkeys : []
      // Kept before the first delete: whoever takes over after a crash still counts right.
      const isNews = tally.note(left.filter((token) => token.name !== name))
      if (tally.notePasskeys(unlocking) || isNews) await request.saveProgress(tally.toJSON())
      if (left.length + unlocking.length === 0) {
        if (isLost) throw new DeletionLost()
        break
      }
      // A list without our own session was cut off at 1,000: then there is more, and each round makes progress.
      if (round >= (own ? rounds : roundsOfThousand)) break
      // Passkeys first: what they open in between is among the sessions of the next round.
      for (const { id } of unlocking)
        isLost = !(await settled(nextcloud.deletePasskey(session, id))) || isLost
      isLost = !(await deleteAll(session, left)) || isLost
    }
    if (!own) {
      throw new NextcloudError(
        'rubbish',
        'Nextcloud listed more than it shows at once, and nothing of it that may be revoked.'
      )
    }
    const seen = request.looksAround ? await lookAround(session) : undefined
    await endOwnSession(nextcloud, session, own)
    const others = tokens.filter((token) => !token.current)
    return {
      kind: 'revoked',
      revoked: tally.without(left),
      remaining: left.length,
      kept: count(others.filter((token) => !isTarget(token, request.which)).map(({ kind }) => kind)),
      wipePending: others.filter((token) => token.kind === 'wiped').length,
      earlierResetLink: 'dead', // fact 4: a form login deletes a pending one
      passkeys: { deleted: tally.passkeysWithout(passkeys), remaining: passkeys.length },
      ...(seen && { seen })
    }
  }

  /**
   * A few at once: each costs Nextcloud a hash of the password, and a thief's session should not wait.
   * @returns false where an answer was lost
   */
  async function deleteAll(session: Session, tokens: Token[]): Promise<boolean> {
    let isSure = true
    for (let at = 0; at < tokens.length; at += deletesAtOnce) {
      const some = tokens.slice(at, at + deletesAtOnce)
      const ended = await Promise.allSettled(
        some.map(({ id }) => settled(nextcloud.deleteToken(session, id)))
      )
      for (const end of ended) {
        if (end.status === 'rejected') throw end.reason
        isSure = end.value && isSure
      }
    }
    return isSure
  }

  /** Only looked at on the way: where it fails, nothing else does. */
  async function lookAround(session: Session) {
    const shares = await nextcloud.listShares(session).catch(() => undefined)
    if (!shares) return undefined
    const countOf = (wanted: string) => shares.filter(({ kind }) => kind === wanted).length
    return { publicLinks: countOf('public-link'), federatedShares: countOf('federated') }
  }

  return { name: 'session', probe: async () => ({ works: true }), revoke }
}

/** What came of it shows the next listing. @returns false where its answer was lost, and it may still arrive */
async function settled(deletion: Promise<unknown>): Promise<boolean> {
  try {
    await deletion
    return true
  } catch (error) {
    if (error instanceof NextcloudError && error.variant === 'effect-unknown') return false
    throw error
  }
}

/** All is gone by the list, and a deletion may still be on its way: it is looked again when that is over. */
class DeletionLost extends NextcloudError {
  constructor() {
    super(
      'effect-unknown',
      'The answer to a deletion was lost, so Nextcloud may still be at it. It is looked again.'
    )
  }
}
