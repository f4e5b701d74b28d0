import { NextcloudError } from './errors.ts'
import { type Envelope, parseEnvelope } from './ocs.ts'
import type { Answer, Call } from './transport.ts'

/**
 * What every answer can be before it is looked at for itself.
 * @throws NextcloudError maintenance, busy, untrusted-host
 */
export function refuseCommonFailures(answer: Answer): void {
  if (answer.status === 503 && answer.header('x-nextcloud-maintenance-mode')) {
    throw new NextcloudError('maintenance', 'Nextcloud is in maintenance mode.', afterOf(answer))
  }
  if (answer.status === 429) throw tooMany(answer)
  if (answer.status === 400 && /untrusted domain/i.test(answer.body)) {
    throw new NextcloudError(
      'untrusted-host',
      'Nextcloud does not know the host name of NEXTCLOUD_PUBLIC_URL: add it to trusted_domains in its config.php.'
    )
  }
}

/**
 * The envelope of an OCS answer with statuscode 200, or another one for the caller to read.
 * @throws NextcloudError for what is no envelope, and for failures that mean the same everywhere
 */
export function readOcs(call: Call, answer: Answer): Envelope {
  refuseCommonFailures(answer)
  const envelope = parseEnvelope(answer.body)
  if (!envelope) {
    if (answer.status === 401) throw credentialsRefused()
    throw unexpected(call, answer)
  }
  const { statuscode, message } = envelope
  if (statuscode === 997 || statuscode === 401) throw credentialsRefused(message)
  if (statuscode === 403 && /password confirmation/i.test(message)) {
    throw new NextcloudError(
      'password-confirmation',
      'This Nextcloud lets only the real password of the admin change users, not an app password: set NEXTCLOUD_ADMIN_PASSWORD to the real one.'
    )
  }
  if (statuscode === 403) {
    throw new NextcloudError(
      'not-allowed',
      `The account of Locksmith may not do this (${call.name}): it must be in the group admin.`
    )
  }
  const isInner = statuscode === 996 || statuscode === 999 || (statuscode >= 500 && statuscode < 600)
  if (isInner && !call.readsInnerFailures) throw unexpected(call, answer, statuscode)
  return envelope
}

/** An answer that does not tell whether anything was done. */
export function unexpected(call: Call, answer: Answer, statuscode?: number): NextcloudError {
  const what = describe(answer, statuscode)
  return call.effect
    ? new NextcloudError('effect-unknown', `${what} at "${call.name}": whether it was done is not known.`)
    : new NextcloudError('rubbish', `${what} at "${call.name}".`)
}

/** The same of an envelope whose code is none that the call can have. */
export const unexpectedCode = (call: Call, { statuscode }: Pick<Envelope, 'statuscode'>): NextcloudError =>
  unexpected(
    call,
    { status: 200, header: () => undefined, setCookies: [], body: 'ocs', date: new Date() },
    statuscode
  )

function describe(answer: Answer, statuscode?: number): string {
  const location = answer.header('location')
  if (answer.status >= 300 && answer.status < 400 && location) {
    const target = URL.parse(location)
    return `Nextcloud redirected (${answer.status}${target ? ` to ${target.origin}` : ''}), which Locksmith never follows: check NEXTCLOUD_URL and overwriteprotocol,`
  }
  if (statuscode !== undefined) return `Nextcloud answered with an inner failure (OCS ${statuscode})`
  if (answer.body.trim() === '')
    return `Nextcloud answered ${answer.status} with an empty body (its database may be down)`
  return `Nextcloud answered ${answer.status} with something that is not its API`
}

const credentialsRefused = (message = '') =>
  new NextcloudError(
    'credentials-refused',
    'Nextcloud refused the admin account of Locksmith. It is not used again until NEXTCLOUD_ADMIN_PASSWORD changes (or `locksmith host credentials retry`), so that nothing locks our address out.',
    // Said of real passwords that Nextcloud leaves out of account; of wrong ones it says "Unauthorised".
    { passwordIgnored: message === 'Current user is not logged in' }
  )

/** The protection against guessing (fact 7), by an envelope or a page of Nextcloud's: others between us say 429, too. */
export const isTooManyAttempts = ({ status, body }: Answer): boolean =>
  status === 429 && /Reached maximum delay|data-requesttoken/.test(body)

/** Fact 5: the 429 of a limit is empty and names no time. */
function tooMany(answer: Answer): NextcloudError {
  return isTooManyAttempts(answer)
    ? new NextcloudError(
        'busy',
        'Nextcloud refuses our address for a while (429 "Reached maximum delay"): too many passwords that came from it were wrong, ours or those of others behind it.',
        { ...afterOf(answer), isBlocked: true }
      )
    : new NextcloudError('busy', 'Nextcloud asks us to slow down (429).', {
        ...afterOf(answer),
        isLimit: answer.body.trim() === ''
      })
}

function afterOf(answer: Answer): { afterMs?: number } {
  const value = answer.header('retry-after')
  if (!value) return {}
  const seconds = Number(value)
  const afterMs = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(value) - answer.date.getTime()
  // A server may ask for patience, but not for ever.
  return Number.isNaN(afterMs) ? {} : { afterMs: Math.min(Math.max(afterMs, 0), 3_600_000) }
}
