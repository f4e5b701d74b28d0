import type { PasswordPolicy } from './settings.ts'

const common = new Set([
  'password',
  'passwort',
  '123456',
  'qwerty',
  'abc',
  'abc123',
  'letmein',
  'password123',
  'nextcloud'
])

/** What Nextcloud's password policy says against a password, as one text; undefined when it is fine. */
export function weakness(password: string, policy: PasswordPolicy): string | undefined {
  const found: string[] = []
  if (policy.enforceNonCommonPassword && common.has(password.toLowerCase())) {
    found.push('Password is among the 1,000,000 most common ones. Please make it unique.')
  }
  if ([...password].length < policy.minLength) {
    found.push(`Password needs to be at least ${policy.minLength} characters long.`)
  }
  if (policy.enforceNumericCharacters && !/[0-9]/.test(password)) {
    found.push('Password needs to contain at least one numeric character.')
  }
  if (policy.enforceSpecialCharacters && /^[A-Za-z0-9]*$/.test(password)) {
    found.push('Password needs to contain at least one special character.')
  }
  if (policy.enforceUpperLowerCase && (!/[a-z]/.test(password) || !/[A-Z]/.test(password))) {
    found.push('Password needs to contain at least one lower and one upper case character.')
  }
  return found.length === 0 ? undefined : found.join(' ')
}
