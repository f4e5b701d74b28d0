import type { SandboxClock } from '../clock.ts'
import type { LoggedCall } from '../http/log.ts'
import type { MailKind, Witness } from '../model/witness.ts'
import { Overlaps } from './overlaps.ts'
import { SlidingMaxima, SlidingMaximum } from './sliding.ts'

const MINUTES = 60_000

/** Since the start, the last reset or `forgetCalls`. Windows are of the sandbox's clock. */
export interface Counters {
  calls: number
  /** By what was called, such as `PUT /cloud/users/{userId}`; `other` for what no route answers. */
  callsByName: Record<string, number>
  /** PUTs of a user's fields by acting admin, refused ones too. */
  putsByAdmin: Record<string, number>
  /** The most of those within any 600 s: more than 50 break fact 5. */
  maxPutsPer600s: Record<string, number>
  /** The most calls of the reset-mail endpoint within any 300 s: more than 10 break its rate limit. */
  maxMailsPer300s: number
  /** By address, the most attempts that count against it at that endpoint within any 30 min: the 11th is blocked. */
  maxMailsPer30min: Record<string, number>
  /** By user, the most reset mails asked for within any 30 min: from the 6th on none is sent. */
  maxMailsPerUserPer30min: Record<string, number>
  /** The most refused credentials of one address within any 30 min: more than 10 block it (fact 7). */
  maxFailedLoginsPer30min: number
  /** By user, the mails of Nextcloud's own that the mailbox took. */
  mailsDelivered: Record<string, Partial<Record<MailKind, number>>>
  answered429: number
  /** Those that Nextcloud itself answered so, faults aside. */
  refused: { maxDelay: number; rateLimit: number }
  /** Sum of the brute-force delays that were charged, in milliseconds. */
  throttledMs: number
  /** By user: how many calls that changed this user were under way at one time; those of one session are one. */
  maxConcurrentPerUser: Record<string, number>
}

const none = () => ({
  calls: 0,
  answered429: 0,
  throttledMs: 0,
  refused: { maxDelay: 0, rateLimit: 0 },
  byName: new Map<string, number>(),
  putsByAdmin: new Map<string, number>(),
  puts: new SlidingMaxima(10 * MINUTES),
  mails: new SlidingMaximum(5 * MINUTES),
  mailsByAddress: new SlidingMaxima(30 * MINUTES),
  mailsByUser: new SlidingMaxima(30 * MINUTES),
  failedLogins: new SlidingMaxima(30 * MINUTES),
  delivered: new Map<string, Partial<Record<MailKind, number>>>(),
  overlaps: new Overlaps<LoggedCall>()
})

/** Counts as things happen: limits are kept where the maxima stay below them. People's own doings are left out. */
export class Counting implements Witness {
  #clock: SandboxClock
  #counts = none()

  constructor(clock: SandboxClock) {
    this.#clock = clock
  }

  began(call: LoggedCall): void {
    this.#counts.calls += 1
    this.#counts.overlaps.begin(call)
  }

  /** It is known what it is for. */
  named({ name }: LoggedCall): void {
    add(this.#counts.byName, name)
    if (name === 'POST /lostpassword/email') this.#counts.mails.add(this.#clock.now())
  }

  /** Nextcloud has dealt with it. */
  handled(call: LoggedCall): void {
    const { putsByAdmin, puts, overlaps, refused } = this.#counts
    if (call.name === 'PUT /cloud/users/{userId}' && call.actor) {
      add(putsByAdmin, call.actor)
      puts.add(call.actor, this.#clock.now())
    }
    if (call.refused === 'max-delay') refused.maxDelay += 1
    if (call.refused === 'rate-limit') refused.rateLimit += 1
    this.#counts.throttledMs += call.throttledMs
    for (const { userId } of call.effects) overlaps.change(call, userId)
  }

  settled(call: LoggedCall): void {
    if (call.status === 429) this.#counts.answered429 += 1
    this.#counts.overlaps.settle(call)
  }

  attempted(action: string, address: string): void {
    const { failedLogins, mailsByAddress } = this.#counts
    // In whole seconds, as Nextcloud keeps them.
    const at = this.#clock.seconds() * 1000
    if (action === 'login') failedLogins.add(address, at)
    if (action === 'passwordResetEmail') mailsByAddress.add(address, at)
  }

  mailAsked(userId: string): void {
    this.#counts.mailsByUser.add(userId, this.#clock.now())
  }

  mailDelivered(userId: string, kind: MailKind): void {
    const { delivered } = this.#counts
    const mails = delivered.get(userId) ?? {}
    mails[kind] = (mails[kind] ?? 0) + 1
    delivered.set(userId, mails)
  }

  read(): Counters {
    const counts = this.#counts
    return {
      calls: counts.calls,
      callsByName: Object.fromEntries(counts.byName),
      putsByAdmin: Object.fromEntries(counts.putsByAdmin),
      maxPutsPer600s: counts.puts.all(),
      maxMailsPer300s: counts.mails.most,
      maxMailsPer30min: counts.mailsByAddress.all(),
      maxMailsPerUserPer30min: counts.mailsByUser.all(),
      maxFailedLoginsPer30min: counts.failedLogins.most,
      mailsDelivered: Object.fromEntries([...counts.delivered].map(([user, mails]) => [user, { ...mails }])),
      answered429: counts.answered429,
      refused: { ...counts.refused },
      throttledMs: counts.throttledMs,
      maxConcurrentPerUser: counts.overlaps.all()
    }
  }

  /** Starts anew, windows included. */
  clear(): void {
    this.#counts = none()
  }
}

function add(map: Map<string, number>, key: string): void {
  map.set(key, (map.get(key) ?? 0) + 1)
}
