import type { SandboxClock } from '../clock.ts'
import type { Mailbox } from '../mail/mailbox.ts'
import { Groups } from './groups.ts'
import { Histories } from './histories.ts'
import { Passkeys } from './passkeys.ts'
import { type NextcloudVersion, type Quirks, quirksOf } from './quirks.ts'
import { RateLimits } from './rate-limits.ts'
import { Sessions } from './sessions.ts'
import type { Settings } from './settings.ts'
import { Shares } from './shares.ts'
import { Throttler } from './throttler.ts'
import { Tokens } from './tokens.ts'
import { Users } from './users.ts'
import type { Witness } from './witness.ts'

/** Everything that one simulated Nextcloud knows. No HTTP in here. */
export interface Nextcloud {
  version: NextcloudVersion
  quirks: Quirks
  clock: SandboxClock
  settings: Settings
  mailbox: Mailbox
  users: Users
  groups: Groups
  tokens: Tokens
  sessions: Sessions
  passkeys: Passkeys
  shares: Shares
  throttler: Throttler
  rateLimits: RateLimits
  histories: Histories
  /** Every run of occ, oldest first. */
  occRuns: { argv: readonly string[]; at: number; exit: number }[]
  witness: Witness
}

export interface Parts {
  version: NextcloudVersion
  clock: SandboxClock
  settings: Settings
  mailbox: Mailbox
  witness: Witness
}

export function createNextcloud({ version, clock, settings, mailbox, witness }: Parts): Nextcloud {
  const sessions = new Sessions()
  const quirks = quirksOf(version)
  return {
    version,
    quirks,
    clock,
    settings,
    mailbox,
    users: new Users(quirks.addressIsId),
    groups: new Groups(),
    tokens: new Tokens(clock, ({ secret }) => sessions.pass(secret)),
    sessions,
    passkeys: new Passkeys(),
    shares: new Shares(clock),
    throttler: new Throttler(clock, () => settings.allowListed, witness),
    rateLimits: new RateLimits(clock),
    histories: new Histories(clock),
    occRuns: [],
    witness
  }
}
