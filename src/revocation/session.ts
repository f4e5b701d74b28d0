import type { FencedNextcloud } from '../nextcloud/client.ts'
import { NextcloudError } from '../nextcloud/errors.ts'
import type { Session, Token } from '../nextcloud/session.ts'
import { isTarget, type RevocationDriver, type RevokeRequest, type RevokeResult } from './driver.ts'
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
    const login = await nextcloud.logIn(request.userId, request.password!, name)
    if (login.kind === 'refused') return { kind: 'login-refused' }
    if (login.kind === 'second-factor') return { kind: 'second-factor', leftSession: name }
    try {
      return await revokeAs(login.session, request)
    } catch (error) {
      // Nothing of ours stays behind when we begin again; if this fails too, the next attempt deletes it.
      await endOwnSession(login.session).catch(() => {})
      throw error
    }
  }

  async function revokeAs(session: Session, request: RevokeRequest): Promise<RevokeResult> {
    const name = ownSessionName(request.operationId)
    await request.onLogin(session.loggedIn)
    const tally = new Tally(request.progress)
    let tokens: Token[] = []
    let left: Token[] = []
    let own: Token | undefined
    for (let round = 0; ; round++) {
      tokens = await nextcloud.listTokens(session)
      own = tokens.find((token) => token.current)
      left = tokens.filter((token) => !token.current && isTarget(token, request.which))
      // Kept before the first delete: whoever takes over after a crash still counts right.
      if (tally.note(left.filter((token) => token.name !== name))) await request.saveProgress(tally.toJSON())
      if (left.length === 0) break
      // A list without our own session was cut off at 1,000: then there is more, and each round makes progress.
      if (round >= (own ? rounds : roundsOfThousand)) break
      await deleteAll(session, left)
    }
    if (!own) {
      throw new NextcloudError(
        'rubbish',
        'Nextcloud listed more than it shows at once, and nothing of it that may be revoked.'
      )
    }
    await endOwnSession(session, own)
    const others = tokens.filter((token) => !token.current)
    return {
      kind: 'revoked',
      revoked: tally.without(left),
      remaining: left.length,
      kept: count(others.filter((token) => !isTarget(token, request.which)).map(({ kind }) => kind)),
      wipePending: others.filter((token) => token.kind === 'wiped').length,
      earlierResetLink: 'dead' // fact 4: a form login deletes a pending one
    }
  }

  /** A few at once: each costs Nextcloud a hash of the password, and a thief's session should not wait. */
  async function deleteAll(session: Session, tokens: Token[]): Promise<void> {
    for (let at = 0; at < tokens.length; at += deletesAtOnce) {
      const some = tokens.slice(at, at + deletesAtOnce)
      const ended = await Promise.allSettled(some.map(({ id }) => deleteIfThere(session, id)))
      for (const end of ended) if (end.status === 'rejected') throw end.reason
    }
  }

  /** A delete whose effect is unknown is settled by the next listing. @returns whether it surely was deleted now */
  async function deleteIfThere(session: Session, id: number): Promise<boolean> {
    try {
      return await nextcloud.deleteToken(session, id)
    } catch (error) {
      if (error instanceof NextcloudError && error.variant === 'effect-unknown') return false
      throw error
    }
  }

  /** Last, and sure: the list is asked for once more, and must not be shown to us any longer. */
  async function endOwnSession(session: Session, known?: Token): Promise<void> {
    const own = known ?? (await nextcloud.listTokens(session)).find((token) => token.current)
    if (own && (await deleteIfThere(session, own.id))) return
    const gone = await nextcloud.listTokens(session).then(
      () => false,
      (error) => error instanceof NextcloudError && error.variant === 'session-gone'
    )
    if (!gone) {
      throw new NextcloudError('effect-unknown', 'Our own log-in as the user could not be ended.')
    }
  }

  return { name: 'session', probe: async () => ({ works: true }), revoke }
}

/** Says in the user's list of devices whose session it is, should we ever leave one behind. */
export const ownSessionName = (operationId: string) => `Locksmith (operation ${operationId})`
