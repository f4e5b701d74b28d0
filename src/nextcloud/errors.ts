import { isDatabaseFailure } from '../db/failure.ts'
import { type Problem, type ProblemCode, problemOf } from '../errors.ts'

/**
 * Everything a Nextcloud call can come to besides success, classified once, here and in `answer.ts`:
 * steps ask for the variant and never read HTTP codes.
 */
export type Variant =
  | 'down' // not reached, or it died before it did anything
  | 'maintenance'
  | 'busy' // one of its limits; nothing was done
  | 'rubbish' // an answer that no Nextcloud gives: a proxy, a wrong URL, a redirect, a broken database
  | 'effect-unknown' // it was asked to change something and we cannot tell whether it did
  | 'credentials-refused'
  | 'password-confirmation' // from 34 an app password of the admin may not change anything
  | 'not-allowed'
  | 'untrusted-host'
  | 'unknown-user'
  | 'cannot-set-password'
  | 'password-refused'
  | 'second-factor-kept' // one that an admin cannot remove
  | 'session-gone' // our log-in as the user ended
  | 'wrong-password' // the one that we had just set for a user

const codes: Record<Variant, ProblemCode> = {
  down: 'nextcloud-unreachable',
  maintenance: 'nextcloud-maintenance',
  busy: 'nextcloud-busy',
  rubbish: 'nextcloud-unexpected-answer',
  'effect-unknown': 'effect-unknown',
  'credentials-refused': 'nextcloud-credentials-refused',
  'password-confirmation': 'nextcloud-password-confirmation',
  'not-allowed': 'nextcloud-not-allowed',
  'untrusted-host': 'nextcloud-untrusted-host',
  'unknown-user': 'unknown-user',
  'cannot-set-password': 'cannot-set-password',
  'password-refused': 'password-refused',
  'second-factor-kept': 'two-factor-user',
  'session-gone': 'nextcloud-unexpected-answer',
  'wrong-password': 'login-refused'
}

/** What else is known of a failure. */
export type Circumstances = {
  /** Nextcloud said when to come back: so long from now. Milliseconds. */
  afterMs?: number
  /** When it can work again, by the database's clock. */
  at?: Date
  /** Nobody calls Nextcloud since then, by the database's clock, because it is away. */
  awaySince?: Date
  /** It never left here, so it changed nothing and counts nowhere. */
  notSent?: boolean
  /** Our own trouble: it says nothing of Nextcloud. */
  isOurs?: boolean
  /** A limit on how often: an empty 429, before anything was done (fact 5). */
  isLimit?: boolean
  /** The protection against guessing refuses our address, whatever we ask (fact 7). */
  isBlocked?: boolean
  /** What was to be changed is in use just now; the next one may not be. */
  isLocked?: boolean
  /** The password was not even looked at: a second factor is asked for, or app passwords alone are taken. */
  passwordIgnored?: boolean
  cause?: unknown
}

export class NextcloudError extends Error {
  readonly variant: Variant
  readonly afterMs: number | undefined
  readonly at: Date | undefined
  readonly awaySince: Date | undefined
  readonly notSent: boolean
  readonly isOurs: boolean
  readonly isLimit: boolean
  readonly isBlocked: boolean
  readonly isLocked: boolean
  readonly passwordIgnored: boolean

  /** @param detail a public sentence: no credential, no body of an answer */
  constructor(variant: Variant, detail: string, circumstances: Circumstances = {}) {
    super(detail, { cause: circumstances.cause })
    this.name = 'NextcloudError'
    this.variant = variant
    this.afterMs = circumstances.afterMs
    this.at = circumstances.at
    this.awaySince = circumstances.awaySince
    this.notSent = circumstances.notSent ?? false
    this.isOurs = circumstances.isOurs ?? false
    this.isLimit = circumstances.isLimit ?? false
    this.isBlocked = circumstances.isBlocked ?? false
    this.isLocked = circumstances.isLocked ?? false
    this.passwordIgnored = circumstances.passwordIgnored ?? false
  }

  get problem(): Problem {
    const extra = this.awaySince && { awaySince: this.awaySince.toISOString() }
    return problemOf(codes[this.variant], this.message, extra)
  }
}

/** Something that is looked up right before a call. @throws NextcloudError down, where our database is away */
export const beforeSending = <T>(asked: Promise<T>): Promise<T> =>
  asked.catch((error) => {
    throw databaseAway(error)
  })

/** What a failure of our database means for a call that was not made; any other error as it is. */
export const databaseAway = (cause: unknown): unknown =>
  isDatabaseFailure(cause)
    ? new NextcloudError('down', 'The database of Locksmith was away, so nothing was sent.', {
        notSent: true,
        isOurs: true,
        cause
      })
    : cause

export const wrongPassword = (call: { name: string }) =>
  new NextcloudError(
    'wrong-password',
    `Nextcloud did not take the password that was set a moment ago (at "${call.name}"): someone or something else changed it.`
  )

export const sessionGone = (call: { name: string }) =>
  new NextcloudError('session-gone', `Our own log-in as the user ended before its time (at "${call.name}").`)
