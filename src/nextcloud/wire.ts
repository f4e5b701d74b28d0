import type { Envelope } from './ocs.ts'
import type { Answer, Call } from './transport.ts'

/** What an answer means. @throws NextcloudError */
export type Read<T> = (answer: Answer) => T

/** How the files beside this one speak to Nextcloud. Every failure is a NextcloudError. */
export type Wire = {
  publicUrl: URL
  /** Without credentials of ours, or with a user's session. */
  send<T>(call: Call, read: Read<T>): Promise<T>
  /** With the password that was set for a user. @throws NextcloudError wrong-password, counted as a failure */
  asUser<T>(userId: string, call: Call, read: Read<T>): Promise<T>
  /** As an admin over OCS. @param account by which admin; default: any that is not refused */
  ocs(call: Call, account?: string): Promise<Envelope>
  /** As an admin, outside of OCS. @param account see above */
  admin<T>(call: Call, read: Read<T>, account?: string): Promise<T>
  /** Over OCS, as nobody. */
  anonymous(call: Call): Promise<Envelope>
  /** A setting of an app; `''` where it is not set. */
  appValue(app: string, key: string): Promise<string>
  /** Whether our address is exempt from the protection against guessing, right now. */
  isAllowListed(): Promise<boolean>
}
