/** The Nextcloud versions that the sandbox knows how to be. */
export type NextcloudVersion = 31 | 33 | 34

/** What differs between the versions (the table on top of the facts, and the recordings). */
export interface Quirks {
  /** As `status.php` says it. */
  version: string
  versionString: string
  /** 33 and later: deleting a token wants the account's password besides the session's cookie. */
  tokenDeleteNeedsPassword: boolean
  /** 34: an app password of the admin may read, but not change anything in the provisioning API. */
  appPasswordIsReadOnly: boolean
  /** 32 and later: a new password kills the reset link that was mailed before (fact 11). */
  passwordChangeKillsLink: boolean
  /** 31: errors before routing look at `?format=` only and come as XML otherwise. */
  earlyErrorsIgnoreAccept: boolean
  /** 31 really makes the caller wait; 33 and 34 only say the delay in a header (recordings). */
  throttleSleeps: boolean
  /** 33 and later: a missing or mistyped parameter is an empty 400 instead of a 500. */
  badParameterIs400: boolean
  /** 33 and later: every answer to somebody logged in names them in `X-User-Id`. */
  sendsUserId: boolean
  /** 33 and later: where an id is asked for, an account's mail address does, too (its database backend's `loadUser`). */
  addressIsId: boolean
  /** 31 fails over a share id that is no number, tells only the day of an expiry, and not whether a server is trusted. */
  sharesAreOld: boolean
  /** 34: the hash of a link's password is not told. */
  redactsLinkPasswords: boolean
  /** 34: occ spares tokens that wait for a wipe, unless told otherwise. */
  occSparesWiped: boolean
  /** 34: a `limit` above this, or below 1, is an error. */
  maxPage: number | null
  /** Members of a user's details that are new in this version. */
  profile: readonly string[]
  hasTimezone: boolean
}

const profile31 = [
  'phone',
  'address',
  'website',
  'twitter',
  'fediverse',
  'organisation',
  'role',
  'headline',
  'biography',
  'profile_enabled',
  'pronouns'
]
const profile33 = profile31.toSpliced(4, 0, 'bluesky')

const table: Record<NextcloudVersion, Quirks> = {
  31: {
    version: '31.0.2.1',
    versionString: '31.0.2',
    tokenDeleteNeedsPassword: false,
    appPasswordIsReadOnly: false,
    passwordChangeKillsLink: false,
    earlyErrorsIgnoreAccept: true,
    throttleSleeps: true,
    badParameterIs400: false,
    sendsUserId: false,
    addressIsId: false,
    sharesAreOld: true,
    redactsLinkPasswords: false,
    occSparesWiped: false,
    maxPage: null,
    profile: profile31,
    hasTimezone: false
  },
  33: {
    version: '33.0.3.2',
    versionString: '33.0.3',
    tokenDeleteNeedsPassword: true,
    appPasswordIsReadOnly: false,
    passwordChangeKillsLink: true,
    earlyErrorsIgnoreAccept: false,
    throttleSleeps: false,
    badParameterIs400: true,
    sendsUserId: true,
    addressIsId: true,
    sharesAreOld: false,
    redactsLinkPasswords: false,
    occSparesWiped: false,
    maxPage: null,
    profile: profile33,
    hasTimezone: true
  },
  34: {
    version: '34.0.1.2',
    versionString: '34.0.1',
    tokenDeleteNeedsPassword: true,
    appPasswordIsReadOnly: true,
    passwordChangeKillsLink: true,
    earlyErrorsIgnoreAccept: false,
    throttleSleeps: false,
    badParameterIs400: true,
    sendsUserId: true,
    addressIsId: true,
    sharesAreOld: false,
    redactsLinkPasswords: true,
    occSparesWiped: true,
    maxPage: 500,
    profile: profile33,
    hasTimezone: true
  }
}

export const quirksOf = (version: NextcloudVersion): Quirks => table[version]
