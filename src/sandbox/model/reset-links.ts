import type { Nextcloud } from './nextcloud.ts'
import { mailResetLink } from './notices.ts'
import { alphanumerics } from './random.ts'
import { RateLimitExceeded } from './rate-limits.ts'
import { mailAddress, type User } from './users.ts'

const LIFETIME = 7 * 24 * 3600
const PER_USER = { limit: 5, period: 1800 }

/** Somebody asked for a reset mail. Nothing is ever said about what became of it (fact 3). */
export function requestResetMail(
  nextcloud: Nextcloud,
  input: string,
  linkFor: (token: string, user: User) => string
): void {
  const user = findOne(nextcloud, input)
  if (!user) return
  const address = mailAddress(user)
  if (address === '') return
  nextcloud.witness.mailAsked(user.id)
  try {
    nextcloud.rateLimits.use('lostpasswordemail', user.id, PER_USER)
  } catch (error) {
    if (error instanceof RateLimitExceeded) return
    throw error
  }
  const token = alphanumerics(21)
  user.pendingLink = { token, createdAt: nextcloud.clock.seconds(), address }
  const link = linkFor(token, user)
  const delivered = mailResetLink(nextcloud, user, link)
  nextcloud.histories.noteLink(user, { link, token, address, delivered })
}

/** By id, else by an address that belongs to one enabled user only (from 33 on: the first one's, of whomever). */
function findOne({ users }: Nextcloud, input: string): User | undefined {
  const first = users.find(input)
  if (first) return first.enabled ? first : undefined
  const enabled = users.byAddress(input).filter((user) => user.enabled)
  return enabled.length === 1 ? enabled[0] : undefined
}

export type LinkVerdict = 'good' | 'invalid' | 'expired' | 'unknown-user'

/** Whether a reset link still sets a password (facts 4 and 11). */
export function judgeLink({ clock }: Nextcloud, user: User | undefined, token: string): LinkVerdict {
  if (!user?.enabled) return 'unknown-user'
  const link = user.pendingLink
  if (!link || link.address !== mailAddress(user)) return 'invalid'
  // Age and a later log-in are looked at before the token itself.
  if (link.createdAt < clock.seconds() - LIFETIME || user.lastLogin > link.createdAt) return 'expired'
  return link.token === token ? 'good' : 'invalid'
}
