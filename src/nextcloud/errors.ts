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
  | 'session-gone' // our log-in as the user ended

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
  'session-gone': 'nextcloud-unexpected-answer'
}

export class NextcloudError extends Error {
  readonly variant: Variant
  /** When Nextcloud said that we may come back. */
  readonly until: Date | undefined

  /** @param detail a public sentence: no credential, no body of an answer */
  constructor(variant: Variant, detail: string, { until, cause }: { until?: Date; cause?: unknown } = {}) {
    super(detail, { cause })
    this.name = 'NextcloudError'
    this.variant = variant
    this.until = until
  }

  get problem(): Problem {
    return problemOf(codes[this.variant], this.message)
  }
}
