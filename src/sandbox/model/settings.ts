import { type Examined, examinedAsUsual } from './examined.ts'

/** What an operator can switch on a Nextcloud, and what can be wrong with it. */
export interface Settings extends Examined {
  maintenance: boolean
  /** OCS then answers HTTP 200 with an empty `text/html` body (fact 6). */
  databaseDown: boolean
  /** False: `lost_password_link` is "disabled". */
  passwordResetEnabled: boolean
  /** Where `lost_password_link` sends people instead; also switches Nextcloud's own reset mail off. */
  lostPasswordLink: string
  /** Nextcloud cannot send mail: it says "success" all the same (fact 3). */
  mailServerDown: boolean
  /** Every caller's address is allow-listed: no brute-force delay. */
  allowListed: boolean
  /** With `allowListed`: lifts the 50-per-600-s limit on PUT too, not the one on mails. */
  applyAllowlistToRateLimit: boolean
  twoFactorEnforced: { enforced: boolean; enforcedGroups: string[]; excludedGroups: string[] }
  /** `token_auth_enforced`: real passwords do not work as Basic auth. */
  tokenAuthEnforced: boolean
  /** The external app that is registered with AppAPI; `enabled` is true when left out. */
  appApi: { id: string; version: string; secret: string; enabled?: boolean } | null
  /** How `occ` fares; in maintenance mode and without its database it is as bad off as the server. */
  occ: OccCondition
  /** Added to every Nextcloud call, in milliseconds. */
  latencyMs: number
  /** Server-side encryption: an admin's PUT may fail although the password was changed (fact 8). */
  encryption: 'off' | 'master-key' | 'user-keys'
  /** Every Nextcloud call is answered with a redirect to this URL. */
  redirectAllTo: string | null
  /** Every Nextcloud call is answered 200 with a page that is not Nextcloud's. */
  rubbish: boolean
  trustedDomains: string[]
  /** Addresses whose `X-Forwarded-Proto` and `X-Forwarded-For` are believed. */
  trustedProxies: string[]
  overwriteHost: string
  overwriteProtocol: string
  passwordPolicy: PasswordPolicy
}

/**
 * `noisy`: PHP's warnings come before the output, and on stderr; `upgrade`: an upgrade is due; `broken`: no database;
 * `hangs`: nothing comes, ever.
 */
export type OccCondition = 'well' | 'noisy' | 'maintenance' | 'upgrade' | 'broken' | 'hangs'

export interface PasswordPolicy {
  minLength: number
  enforceNonCommonPassword: boolean
  enforceNumericCharacters: boolean
  enforceSpecialCharacters: boolean
  enforceUpperLowerCase: boolean
  enforceHaveIBeenPwned: boolean
}

export function defaultSettings(): Settings {
  return {
    ...examinedAsUsual(),
    maintenance: false,
    databaseDown: false,
    passwordResetEnabled: true,
    lostPasswordLink: '',
    mailServerDown: false,
    allowListed: false,
    applyAllowlistToRateLimit: false,
    twoFactorEnforced: { enforced: false, enforcedGroups: [], excludedGroups: [] },
    tokenAuthEnforced: false,
    appApi: null,
    occ: 'well',
    latencyMs: 0,
    encryption: 'off',
    redirectAllTo: null,
    rubbish: false,
    trustedDomains: [],
    trustedProxies: [],
    overwriteHost: '',
    overwriteProtocol: '',
    passwordPolicy: {
      minLength: 10,
      enforceNonCommonPassword: true,
      enforceNumericCharacters: false,
      enforceSpecialCharacters: false,
      enforceUpperLowerCase: false,
      enforceHaveIBeenPwned: true
    }
  }
}
