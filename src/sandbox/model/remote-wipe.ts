import type { Nextcloud } from './nextcloud.ts'
import type { User } from './users.ts'

/** The tokens of the user wait for a wipe from now on, browser sessions too; with very many only the first ones. */
export function markForWipe({ tokens }: Nextcloud, user: User): void {
  for (const token of tokens.firstOf(user.id)) token.type = 2
}

/** A device asks. True: it has to wipe. */
export function mustWipe({ tokens }: Nextcloud, secret: string): boolean {
  return tokens.lookUp(secret)?.type === 2
}

/** A device has wiped: the token is gone then (fact 9). */
export function finishWipe({ tokens }: Nextcloud, secret: string): boolean {
  const token = tokens.lookUp(secret)
  if (token?.type !== 2) return false
  tokens.remove(token)
  return true
}
