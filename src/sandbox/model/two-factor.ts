import type { Settings } from './settings.ts'
import type { User } from './users.ts'

/** Backup codes alone are no second factor. */
export function activeProviders(user: User): string[] {
  return [...user.twoFactor].filter(([id, on]) => on && id !== 'backup_codes').map(([id]) => id)
}

export function isEnforcedFor(user: User, { twoFactorEnforced: rule }: Settings): boolean {
  if (!rule.enforced) return false
  if (rule.enforcedGroups.length > 0) return rule.enforcedGroups.some((group) => user.groups.includes(group))
  return !rule.excludedGroups.some((group) => user.groups.includes(group))
}

export function needsSecondFactor(user: User, settings: Settings): boolean {
  return activeProviders(user).length > 0 || isEnforcedFor(user, settings)
}

/** The providers of the apps that the sandbox has. */
export const providerIds = ['totp', 'backup_codes'] as const

/** From the first log-in with a password on every provider has a state: off, where it never was set up. */
export function noteProviders(user: User): void {
  for (const id of providerIds) if (!user.twoFactor.has(id)) user.twoFactor.set(id, false)
}

/** Where a form login goes on when a second factor is asked for (facts, "Two-factor"). */
export function challengePath(user: User): string {
  const providers = activeProviders(user)
  if (providers.length === 0) return '/login/setupchallenge'
  return providers.length === 1 ? `/login/challenge/${providers[0]}` : '/login/selectchallenge'
}
