/** The mails that Nextcloud sends by itself. */
export type MailKind = 'reset-link' | 'password-changed' | 'address-changed' | 'welcome'

/** Told of what happens in the model, for counters that are right over any number of calls. */
export interface Witness {
  /** A brute-force attempt of this address; of an allow-listed one too, though Nextcloud leaves those out. */
  attempted(action: string, address: string): void
  /** A reset mail was asked for and its user found; whether it is sent is another matter. */
  mailAsked(userId: string): void
  /** The mailbox took a mail of Nextcloud's to this user. */
  mailDelivered(userId: string, kind: MailKind): void
}
