import type { Secret } from '../secret.ts'

/** What is to go: every token, or browser sessions only. */
export type Which = 'all' | 'sessions'

export type RevokeRequest = {
  operationId: string
  userId: string
  /** The password that was just set: no other may ever be tried. */
  password: Secret
  which: Which
  /** What an interrupted attempt had saved; unknown shape, checked by the driver. */
  progress: Record<string, unknown> | null
  saveProgress(progress: object): Promise<void>
  /** Told when Nextcloud recorded a log-in of ours as the user's last one. */
  onLogin(window: { from: Date; to: Date }): Promise<void>
}

export type RevokeResult =
  | {
      kind: 'revoked'
      revoked: { sessions: number; appPasswords: number }
      /** Read back from Nextcloud after the deletes, of what was to go; never a hoped-for 0. */
      remaining: number
      /** App passwords that were not to go. */
      kept: number
      wipePending: number
      /** Whether a reset link mailed earlier is dead for sure. */
      earlierResetLink: 'dead' | 'unknown'
    }
  /** Nextcloud did not take the password: it counts as a failed log-in, so it is not tried again. */
  | { kind: 'login-refused' }
  | { kind: 'second-factor'; leftSession: string }

/**
 * One way to revoke a user's tokens. @throws NextcloudError: tokens may be left; doing it all again,
 * with a fresh password, is safe.
 */
export type RevocationDriver = {
  name: 'session'
  revoke(request: RevokeRequest): Promise<RevokeResult>
}
