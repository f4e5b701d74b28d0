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

/** Where a form login goes on when a second factor is asked for (facts, "Two-factor"). */
export function challengePath(user: User): string {
  const providers = activeProviders(user)
  if (providers.length === 0) return '/login/setupchallenge'
  return providers.length === 1 ? `/login/challenge/${providers[0]}` : '/login/selectchallenge'
}
