import type { SandboxClock } from '../clock.ts'
import type { Counters, Counting } from '../counters/counters.ts'
import type { Fault, Faults } from '../http/faults.ts'
import type { CallLog, LoggedCall } from '../http/log.ts'
import { linkOf, type Mail, type Mailbox, type Treatment } from '../mail/mailbox.ts'
import type { EnabledChange, HeldPassword } from '../model/histories.ts'
import type { Nextcloud } from '../model/nextcloud.ts'
import type { Passkey } from '../model/passkeys.ts'
import type { NextcloudVersion } from '../model/quirks.ts'
import { alphanumerics } from '../model/random.ts'
import type { Settings } from '../model/settings.ts'
import type { Share, ShareSpec } from '../model/shares.ts'
import type { User } from '../model/users.ts'
import { type OccResult, runOcc } from '../occ/application.ts'
import type { Admin } from '../options.ts'
import { logInWithPasskey, openFiles, openLink } from './leaver.ts'
import { type LinkView, linksOf } from './link-view.ts'
import { type Deletions, exportTokens, importDeletions, type Mirror } from './mirror.ts'
import { completeReset, type LoginResult, logIn, type ResetResult } from './person.ts'
import { type TokenView, tokensOf } from './token-view.ts'
import { applyUserSpec, type UserSpec } from './user-spec.ts'
import { type Credential, tryCredential, type Visitor } from './visitor.ts'

export interface SandboxParts {
  url: string
  smtpUrl: string
  version: NextcloudVersion
  admin: Admin
  clock: SandboxClock
  settings: Settings
  mailbox: Mailbox
  faults: Faults
  log: CallLog
  counting: Counting
  visitor: Visitor
  nextcloud: () => Nextcloud
  reset: () => void
  close: () => Promise<void>
}

/** A running sandbox and everything that a test or a person at the back door can do with it. */
export class Sandbox {
  readonly url: string
  readonly smtpUrl: string
  readonly version: NextcloudVersion
  readonly admin: Admin
  readonly clock: SandboxClock
  #parts: SandboxParts

  constructor(parts: SandboxParts) {
    this.url = parts.url
    this.smtpUrl = parts.smtpUrl
    this.version = parts.version
    this.admin = parts.admin
    this.clock = parts.clock
    this.#parts = parts
  }

  /** The model behind it, for tests that look closer. */
  get nextcloud(): Nextcloud {
    return this.#parts.nextcloud()
  }

  createGroup(id: string): void {
    this.nextcloud.groups.add(id)
  }

  /** Creates a user; no mail is sent. Groups are created where they are missing. */
  createUser(spec: UserSpec): User {
    if (this.nextcloud.users.get(spec.id)) throw new Error(`There is a user ${spec.id} already`)
    const user = this.nextcloud.users.add({ id: spec.id })
    const withPassword = { password: 'sandbox-user-password', ...spec }
    return applyUserSpec(this.nextcloud, user, withPassword, 'created')
  }

  /** Changes a user directly: what an admin or an intruder did elsewhere. */
  updateUser(id: string, spec: Omit<UserSpec, 'id'>): User {
    return applyUserSpec(this.nextcloud, this.#user(id), spec, 'updateUser')
  }

  users(): User[] {
    return [...this.nextcloud.users.all()]
  }

  /** Logs the user in with the form, as a person would, second factor included. */
  openBrowserSession(
    userId: string,
    { userAgent }: { userAgent?: string | undefined } = {}
  ): { cookie: string } {
    const user = this.#user(userId)
    const result = logIn(this.#parts.visitor, user.id, user.password ?? '', userAgent)
    if (!result.ok) throw new Error(`${userId} cannot log in: ${result.location}`)
    this.nextcloud.sessions.passSecondFactor(result.cookie)
    return { cookie: result.cookie }
  }

  /** An app password as the user would have made it in the settings; `oneTime`: by "show QR code", from 34 on. */
  createAppPassword(
    userId: string,
    name: string,
    {
      password = alphanumerics(72),
      oneTime = false
    }: { password?: string | undefined; oneTime?: boolean } = {}
  ): { password: string } {
    const user = this.#user(userId)
    this.nextcloud.tokens.add({
      userId: user.id,
      loginName: user.id,
      secret: password,
      password: user.password,
      name,
      type: oneTime ? 3 : 1
    })
    return { password }
  }

  /** The status of `GET /cloud/user` with this credential: 200 lives, 401 is dead. Counts as a use of it. */
  tryCredential(credential: Credential): number {
    return tryCredential(this.#parts.visitor, credential)
  }

  /** A person who logs in with the form. */
  loginAsPerson(userId: string, password: string): LoginResult {
    return logIn(this.#parts.visitor, userId, password)
  }

  /** A passkey that the user has set up; `loginByPasskey` uses it. */
  addPasskey(userId: string, name: string): Passkey {
    return this.nextcloud.passkeys.add(this.#user(userId).id, name)
  }

  passkeys(userId: string): Passkey[] {
    return this.nextcloud.passkeys.of(this.#user(userId).id)
  }

  /** Whoever holds the passkey tries to get in: without a password, and not past the second factor. */
  loginByPasskey(userId: string, passkeyId: number): LoginResult {
    return logInWithPasskey(this.#parts.visitor, userId, passkeyId)
  }

  /** Something that the user shares; with `owner`, a file of somebody else's that was shared with the user. */
  addShare(userId: string, spec: ShareSpec): Share {
    return this.nextcloud.shares.add(this.#user(userId).id, spec)
  }

  /** What the user shares, and what others share of the user's files. */
  shares(userId: string): Share[] {
    return this.nextcloud.shares.all().filter(({ owner, initiator }) => [owner, initiator].includes(userId))
  }

  /** The status of a public link's page: 200, 404 once it is deleted, expired, or somebody of it disabled. */
  openPublicLink(token: string): number {
    return openLink(this.#parts.visitor, token)
  }

  /** The status by WebDAV: 207 as long as the link exists, whoever is disabled. */
  openPublicFiles(token: string): number {
    return openFiles(this.#parts.visitor, token)
  }

  /** When the account was enabled and disabled, oldest first, and by whom; also of one that was deleted. */
  enabledHistory(userId: string): readonly EnabledChange[] {
    return this.nextcloud.histories.enabledOf(userId)
  }

  /** The tables that a test keeps in step with this sandbox. */
  exportTokens(): Mirror {
    return exportTokens(this.nextcloud)
  }

  /** Deletes as SQL does: past the web server's cache. */
  importDeletions(deletions: Deletions): void {
    importDeletions(this.nextcloud, deletions)
  }

  /** Runs `occ` on the server. */
  occ(argv: readonly string[]): OccResult {
    return runOcc(this.nextcloud, argv)
  }

  /** Every run of occ, oldest first; `at` in milliseconds by the sandbox's clock. */
  occRuns(): Nextcloud['occRuns'] {
    return this.nextcloud.occRuns
  }

  tokens(userId: string): TokenView[] {
    return tokensOf(this.nextcloud, this.#user(userId))
  }

  /** Every password that an account of this id ever had, oldest first; also of one that was deleted. */
  passwordHistory(userId: string): readonly HeldPassword[] {
    return this.nextcloud.histories.passwordsOf(userId)
  }

  /** Every reset link that was ever made for this id, oldest first, and whether it works now; none is used. */
  linksOf(userId: string): LinkView[] {
    return linksOf(this.nextcloud, userId)
  }

  /** Oldest first. */
  mails(filter: { to?: string | undefined } = {}): Mail[] {
    return this.#parts.mailbox.all(filter)
  }

  mail(number: number): Mail | undefined {
    return this.#parts.mailbox.get(number)
  }

  linkOf(mail: Pick<Mail, 'text' | 'html'>): string | undefined {
    return linkOf(mail)
  }

  /** A person who follows a reset link and sets a password. */
  completeReset(link: string, newPassword: string): ResetResult {
    return completeReset(this.#parts.visitor, link, newPassword)
  }

  /** How mail to this address is treated from now on; `*` stands for everybody. */
  treatMail(recipient: string, treatment: Treatment): void {
    this.#parts.mailbox.treat(recipient, treatment)
  }

  /** The SMTP port refuses every connection while it is down. */
  setMailboxDown(down: boolean): void {
    this.#parts.mailbox.down = down
  }

  /** Reads the settings, after changing those that are given. */
  settings(change: Partial<Settings> = {}): Settings {
    const known = Object.entries(change).filter(
      ([name, value]) => name in this.#parts.settings && value !== undefined
    )
    return Object.assign(this.#parts.settings, Object.fromEntries(known))
  }

  /** Oldest first, the newest 20,000 at least. */
  calls(): LoggedCall[] {
    return this.#parts.log.all()
  }

  counters(): Counters {
    return this.#parts.counting.read()
  }

  /** The counters start anew, too. */
  forgetCalls(): void {
    this.#parts.log.clear()
  }

  addFault(fault: Fault): void {
    this.#parts.faults.add(fault)
  }

  faults(): (Fault & { seen: number })[] {
    return this.#parts.faults.all()
  }

  /** Removes all faults and lets hanging calls go on. */
  clearFaults(): void {
    this.#parts.faults.clear()
  }

  /** Lets hanging calls go on; the faults stay. */
  releaseFaults(): void {
    this.#parts.faults.release()
  }

  advanceClock(seconds: number): void {
    this.clock.advance(seconds)
  }

  /** Forgets brute-force attempts and rate limits. */
  resetThrottle(): void {
    this.nextcloud.throttler.clear()
    this.nextcloud.rateLimits.clear()
  }

  /** Back to how it started: users, tokens, mails, settings, faults and log. The clock goes on. */
  reset(): void {
    this.#parts.reset()
  }

  close(): Promise<void> {
    return this.#parts.close()
  }

  #user(id: string): User {
    const user = this.nextcloud.users.get(id)
    if (!user) throw new Error(`There is no user ${id}`)
    return user
  }
}
