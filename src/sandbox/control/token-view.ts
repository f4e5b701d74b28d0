import { passwordIs } from '../model/credentials.ts'
import type { Nextcloud } from '../model/nextcloud.ts'
import type { TokenType } from '../model/tokens.ts'
import type { User } from '../model/users.ts'

export interface TokenView {
  id: number
  name: string
  type: TokenType
  kind: 'session' | 'app password' | 'to be wiped' | 'one-time app password'
  /**
   * `alive`; `alive-until-checked`: knows an older password, dies within 5 minutes of use;
   * `password-invalid`: dead until the user logs in again (fact 1); `asleep`: its user is disabled.
   */
  state: 'alive' | 'alive-until-checked' | 'password-invalid' | 'asleep' | 'to be wiped'
  /** Seconds. */
  lastActivity: number
}

const kinds = ['session', 'app password', 'to be wiped', 'one-time app password'] as const

export function tokensOf({ tokens }: Nextcloud, user: User): TokenView[] {
  return tokens.of(user.id).map((token) => ({
    id: token.id,
    name: token.name,
    type: token.type,
    kind: kinds[token.type],
    state:
      token.type === 2
        ? 'to be wiped'
        : token.passwordInvalid
          ? 'password-invalid'
          : !user.enabled
            ? 'asleep'
            : token.password === null || passwordIs(user, token.password)
              ? 'alive'
              : 'alive-until-checked',
    lastActivity: token.lastActivity
  }))
}
