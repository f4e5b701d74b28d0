/** What only somebody asks who looks for what is wrong with a Nextcloud. */
export interface Examined {
  /** New code, old tables: it answers as in maintenance, and `status.php` says why. */
  needsDbUpgrade: boolean
  /** What the admin's mail test came to; `disabled`: `mail_smtpmode` is "null", which counts as a success. */
  mailTest: 'successful' | 'not-done' | 'disabled'
  /** Enabled besides the usual ones, such as `user_saml`. */
  moreApps: string[]
  /** Usual ones that are not enabled. */
  missingApps: string[]
  /** The address of a proxy that says nothing of its callers: all but people are seen as it. */
  seenAs: string
  /** `allowed_admin_ranges` does not hold the callers' address: nobody who calls from there is an admin. */
  adminsElsewhere: boolean
}

export const examinedAsUsual = (): Examined => ({
  needsDbUpgrade: false,
  mailTest: 'successful',
  moreApps: [],
  missingApps: [],
  seenAs: '',
  adminsElsewhere: false
})
