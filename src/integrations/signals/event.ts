/** What a security event token (SET, RFC 8417) tells, of those that are acted upon here. */
import type { JWTPayload } from 'jose'
import { isSignalId } from './signals.sql.ts'

const base = 'https://schemas.openid.net/secevent'

/** Each ends every session and app password of the user. By type, with what it is called here. */
const signedOutBy: Record<string, string> = {
  [`${base}/caep/event-type/session-revoked`]: 'session-revoked',
  [`${base}/risc/event-type/sessions-revoked`]: 'sessions-revoked', // what RISC had before CAEP
  [`${base}/risc/event-type/account-disabled`]: 'account-disabled'
}

export const eventTypes = Object.keys(signedOutBy)

/** Older than that it tells of sessions that were long over: nobody is signed out for it. */
export const longestAgeDays = 7

/** Further ahead no clock is: for as long it would be young, also once nobody knows any more that it was here. Seconds. */
const farthestAhead = 300

/** @property name last part of its type @property subject as it stands there, unread */
export type SecurityEvent = { id: string; at: Date; name: string; subject: unknown }

/** A token that is none, in a sentence for whoever sent it. */
export class NotAnEvent extends Error {}

/**
 * @returns undefined for an event that nothing is to be done for
 * @throws NotAnEvent
 */
export function readEvent({ jti, iat, exp, sub, sub_id, events }: JWTPayload): SecurityEvent | undefined {
  if (!isSignalId(jti)) throw new NotAnEvent('It has no "jti", or one that cannot be kept.')
  if (typeof iat !== 'number') throw new NotAnEvent('It has no "iat".')
  if (iat > Date.now() / 1_000 + farthestAhead)
    throw new NotAnEvent('Its "iat" is in the future, or not in seconds.')
  // What an ID token or an access token has: nobody shall be able to take one for the other (SSF 1.0, 4.1).
  if (exp !== undefined || sub !== undefined) throw new NotAnEvent('It has a "sub" or "exp", as no SET may.')
  if (typeof events !== 'object' || events === null || Array.isArray(events))
    throw new NotAnEvent('It has no "events".')
  const type = Object.keys(events).find((each) => Object.hasOwn(signedOutBy, each))
  if (type === undefined) return undefined
  const event = (events as Record<string, { subject?: unknown } | null>)[type]
  const subject = userOf(sub_id ?? event?.subject)
  return { id: jti, at: new Date(iat * 1_000), name: signedOutBy[type]!, subject }
}

/** Of a complex subject the user: which of somebody's sessions or devices is meant there is nothing that Nextcloud knows. */
function userOf(subject: unknown): unknown {
  if (typeof subject !== 'object' || subject === null) return subject
  const { format, user } = subject as { format?: unknown; user?: unknown }
  return (format === 'complex' || format === undefined) && user !== undefined ? user : subject
}
