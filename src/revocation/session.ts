import type { Nextcloud } from '../nextcloud/client.ts'
import { NextcloudError } from '../nextcloud/errors.ts'
import type { Session, Token } from '../nextcloud/session.ts'
import type { RevocationDriver, RevokeRequest, RevokeResult } from './driver.ts'

/** New tokens can appear while we delete; a user who is faster than this many rounds needs a person. */
const rounds = 5

/**
 * Plain HTTP: log in as the user with the password that was just set, delete every token on the security
 * page, list again until nothing is left, and delete our own session last.
 */
export function sessionDriver(nextcloud: Nextcloud): RevocationDriver {
  async function revoke(request: RevokeRequest): Promise<RevokeResult> {
    const name = ownSessionName(request.operationId)
    const login = await nextcloud.logIn(request.userId, request.password, name)
    if (login.kind === 'refused') return { kind: 'login-refused' }
    if (login.kind === 'second-factor') return { kind: 'second-factor', leftSession: name }
    await request.onLogin(login.session.loggedIn)
    const tally = new Tally(request.progress)
    let tokens: Token[]
    let left: Token[]
    let others: Token[]
    for (let round = 0; ; round++) {
      tokens = await nextcloud.listTokens(login.session)
      others = tokens.filter((token) => !token.current)
      left = others.filter((token) => isTarget(token, request.which))
      // Kept before the first delete: whoever takes over after a crash still counts right.
      if (tally.note(left.filter((token) => token.name !== name))) await request.saveProgress(tally.toJSON())
      if (left.length === 0 || round === rounds) break
      for (const token of left) await deleteIfThere(login.session, token.id)
    }
    await endOwnSession(login.session, tokens.find((token) => token.current)!)
    return {
      kind: 'revoked',
      revoked: tally.without(left),
      remaining: left.length,
      kept: request.which === 'all' ? 0 : others.filter((token) => token.kind === 'app-password').length,
      wipePending: others.filter((token) => token.kind === 'wiped').length,
      resetLink: 'dead' // fact 4: a form login deletes a pending one
    }
  }

  /** A delete whose effect is unknown is settled by the next listing. */
  async function deleteIfThere(session: Session, id: number): Promise<void> {
    try {
      await nextcloud.deleteToken(session, id)
    } catch (error) {
      if (!(error instanceof NextcloudError) || error.variant !== 'effect-unknown') throw error
    }
  }

  /** Last, and sure: a delete that broke off is made sure of by asking who we are. */
  async function endOwnSession(session: Session, own: Token): Promise<void> {
    try {
      await nextcloud.deleteToken(session, own.id)
    } catch (error) {
      if (!(error instanceof NextcloudError) || error.variant !== 'effect-unknown') throw error
      const gone = await nextcloud.listTokens(session).then(
        () => false,
        (cause) => cause instanceof NextcloudError && cause.variant === 'session-gone'
      )
      if (!gone) throw error
    }
  }

  return { name: 'session', revoke }
}

/** Says in the user's list of devices whose session it is, should we ever leave one behind. */
export const ownSessionName = (operationId: string) => `Locksmith (operation ${operationId})`

/** Wiped tokens stay: a device learns that it must wipe through its token (fact 9). */
const isTarget = ({ kind }: Token, which: RevokeRequest['which']) =>
  kind === 'session' || (kind === 'app-password' && which === 'all')

/** Which tokens were met, over all attempts of the step. */
class Tally {
  readonly #kinds = new Map<number, 'session' | 'app-password'>()

  constructor(progress: Record<string, unknown> | null) {
    for (const [id, kind] of Object.entries((progress?.tokens ?? {}) as Record<string, unknown>)) {
      if (kind === 'session' || kind === 'app-password') this.#kinds.set(Number(id), kind)
    }
  }

  /** @returns whether any of them is new */
  note(tokens: Token[]): boolean {
    const before = this.#kinds.size
    for (const { id, kind } of tokens) if (kind !== 'wiped') this.#kinds.set(id, kind)
    return this.#kinds.size > before
  }

  without(left: Token[]): { sessions: number; appPasswords: number } {
    const still = new Set(left.map((token) => token.id))
    const gone = [...this.#kinds].filter(([id]) => !still.has(id)).map(([, kind]) => kind)
    return {
      sessions: gone.filter((kind) => kind === 'session').length,
      appPasswords: gone.filter((kind) => kind === 'app-password').length
    }
  }

  toJSON(): object {
    return { tokens: Object.fromEntries(this.#kinds) }
  }
}
