import type { FencedNextcloud } from '../nextcloud/client.ts'
import { NextcloudError } from '../nextcloud/errors.ts'
import type { Session, Token } from '../nextcloud/session.ts'
import type { Secret } from '../secret.ts'

/** Says in the user's list of devices whose session it is, should we ever leave one behind. */
export const ownSessionName = (operationId: string) => `Locksmith (operation ${operationId})`

export type LogInRequest = {
  operationId: string
  userId: string
  /** The password that was just set: no other may ever be tried. */
  password: Secret
  pastSecondFactor: boolean
  /** Told when Nextcloud recorded a log-in of ours as the user's last one. */
  onLogin(window: { from: Date; to: Date }): Promise<void>
}

/**
 * Does something logged in as the user. No session of ours stays behind, nor one that an attempt before left.
 * @throws NextcloudError
 */
export async function logInAs<T>(
  nextcloud: FencedNextcloud,
  { operationId, userId, password, pastSecondFactor, onLogin }: LogInRequest,
  work: (session: Session) => Promise<T>
): Promise<
  { kind: 'done'; result: T } | { kind: 'refused' } | { kind: 'second-factor'; leftSession: string }
> {
  const name = ownSessionName(operationId)
  const login = await nextcloud.logIn(userId, password, name, { pastSecondFactor })
  if (login.kind === 'refused') return login
  if (login.kind === 'second-factor') return { ...login, leftSession: name }
  const { session } = login
  try {
    await onLogin(session.loggedIn)
    const result = await work(session)
    for (const token of await nextcloud.listTokens(session))
      if (token.name === name && !token.current) await nextcloud.deleteToken(session, token.id)
    await endOwnSession(nextcloud, session)
    return { kind: 'done', result }
  } catch (error) {
    // Nothing of ours stays behind when we begin again; if this fails too, the next attempt deletes it.
    await endOwnSession(nextcloud, session).catch(() => {})
    throw error
  }
}

/** Last, and sure: the list is asked for once more, and must not be shown to us any longer. */
export async function endOwnSession(
  nextcloud: FencedNextcloud,
  session: Session,
  known?: Token
): Promise<void> {
  const own = known ?? (await nextcloud.listTokens(session)).find((token) => token.current)
  if (own && (await deleteIfThere(nextcloud, session, own.id))) return
  const gone = await nextcloud.listTokens(session).then(
    () => false,
    (error) => error instanceof NextcloudError && error.variant === 'session-gone'
  )
  if (!gone) throw new NextcloudError('effect-unknown', 'Our own log-in as the user could not be ended.')
}

/** A delete whose effect is unknown is settled by the next listing. @returns whether it surely was deleted now */
export async function deleteIfThere(
  nextcloud: FencedNextcloud,
  session: Session,
  id: number
): Promise<boolean> {
  try {
    return await nextcloud.deleteToken(session, id)
  } catch (error) {
    if (error instanceof NextcloudError && error.variant === 'effect-unknown') return false
    throw error
  }
}
