import type { Token } from '../nextcloud/session.ts'
import type { Fence } from '../nextcloud/transport.ts'
import type { Secret } from '../secret.ts'

export const driverNames = ['session', 'occ', 'sql', 'wipe'] as const
export type DriverName = (typeof driverNames)[number]

/** Which tokens are to go; all members together, none: every token. A wiped one never goes, whatever is asked (fact 9). */
export type Which = {
  kind?: 'session' | 'app-password'
  /** Only what was last used before. */
  lastUsedBefore?: Date
  tokenId?: number
}

export type RevokeRequest = {
  operationId: string
  /** As Nextcloud writes it: some drivers match it exactly. */
  userId: string
  which: Which
  /** For who logs in: the password that was just set; no other may ever be tried. */
  password?: Secret
  /** For who logs in: the user has a second factor, and it stays as it is. */
  pastSecondFactor?: boolean
  /** Of who logs in: passkeys go, too, since each opens the account by itself. */
  deletesPasskeys?: boolean
  /** Of who logs in: what else the user has put before the world is counted. */
  looksAround?: boolean
  /** Asked right before each change. */
  fence: Fence
  /** What an interrupted attempt had saved; unknown shape, checked by the driver. */
  progress: Record<string, unknown> | null
  saveProgress(progress: object): Promise<void>
  /** Told when Nextcloud recorded a log-in of ours as the user's last one. */
  onLogin(window: { from: Date; to: Date }): Promise<void>
}

export type Counted = { sessions: number; appPasswords: number }

export type RevokeResult =
  | {
      kind: 'revoked'
      /** Over all attempts of the step; wiped tokens and our own log-in left out. */
      revoked: Counted | 'unknown'
      /** Read back after the deletes, of what was to go; never a hoped-for 0. */
      remaining: number | 'unknown'
      /** What was not to go. */
      kept: Counted | 'unknown'
      wipePending: number | 'unknown'
      /** Whether a reset link mailed earlier is dead for sure. */
      earlierResetLink: 'dead' | 'unknown'
      /** Of who logs in; `remaining` is read back. */
      passkeys?: { deleted: number; remaining: number }
      seen?: { publicLinks: number; federatedShares: number }
    }
  /** Nextcloud did not take the password: it counts as a failed log-in, so it is not tried again. */
  | { kind: 'login-refused' }
  | { kind: 'second-factor'; leftSession: string }

export type Probe =
  | { works: true }
  /** `because`: what was met; `mend`: the setting or command that helps. Public sentences. */
  | { works: false; because: string; mend: string }

/**
 * One way to revoke a user's tokens.
 * @throws NextcloudError, RevocationError: tokens may be left; doing it all again is safe
 */
export type RevocationDriver = {
  name: DriverName
  /** Whether it can work at all; asks nothing about any user. */
  probe(): Promise<Probe>
  /** Of a driver that lists without touching the user: all tokens, wiped ones too. @throws NextcloudError unknown-user */
  list?(userId: string): Promise<Token[]>
  /** Of the same drivers: whether a mailed reset link is pending. */
  hasResetLink?(userId: string): Promise<boolean>
  revoke(request: RevokeRequest): Promise<RevokeResult>
}

/** Whether a token is to go. */
export function isTarget({ id, kind, lastActivity }: Token, which: Which): boolean {
  if (kind === 'wiped') return false
  if (which.kind !== undefined && kind !== which.kind) return false
  if (which.tokenId !== undefined && id !== which.tokenId) return false
  // One whose last use is not known may have been used a moment ago.
  return which.lastUsedBefore === undefined || (lastActivity !== null && lastActivity < which.lastUsedBefore)
}
