import type { Problem } from '../errors.ts'
import type { DriverName } from '../revocation/driver.ts'

/** What Locksmith does to one user. */
export const kinds = [
  'reset',
  'reset-mail',
  'revoke',
  'disable',
  'enable',
  'wipe',
  'offboard',
  'reinstate',
  'delete'
] as const
export type Kind = (typeof kinds)[number]

export const states = [
  'queued',
  'running',
  'waiting',
  'awaiting-approval',
  'scheduled',
  'succeeded',
  'failed',
  'needs-attention',
  'cancelled'
] as const
export type State = (typeof states)[number]

/** From state → to state: why. The SQL takes its `WHERE state IN …` from here, so nothing else can happen. */
export const transitions: Record<State, Partial<Record<State, string>>> = {
  queued: {
    running: 'a worker claimed it',
    cancelled: 'a person stopped it before anything was changed, or a newer reset brings its mail',
    'needs-attention': 'a person stopped it halfway'
  },
  running: {
    queued: 'its process died or shuts down: whoever comes next goes on',
    waiting: 'Nextcloud or the mail server is away or busy: it goes on by itself at resumeAt',
    succeeded: 'every step is done or was not asked for',
    failed: 'refused before anything was changed',
    'needs-attention':
      'something was or may have been changed, or could not be done, and Locksmith cannot finish alone or a person stopped it',
    cancelled: 'a person stopped it before anything was changed'
  },
  waiting: {
    queued: 'resumeAt has come, or Nextcloud is back',
    cancelled: 'a person stopped it before anything was changed, or a newer reset brings its mail',
    'needs-attention': 'a person stopped it halfway'
  },
  'awaiting-approval': {
    waiting: 'a second person approved it: it goes on at once',
    failed: 'a second person approved it, and something else works on the user by now',
    cancelled: 'a person does not want it, or nobody approved it in time'
  },
  scheduled: {
    queued: 'its time has come, and nothing else works on the user',
    'awaiting-approval': 'its time has come, and a brake is reached',
    cancelled: 'a person stopped it, the user came back, or a newer one has a date of its own'
  },
  succeeded: {},
  failed: {},
  'needs-attention': {
    queued: 'a person asked for a retry',
    cancelled: 'a person closed it: what is left to do is theirs'
  },
  cancelled: {}
}

/** The states from which `to` can be reached. */
export function sourcesOf(to: State): State[] {
  return states.filter((from) => transitions[from][to] !== undefined)
}

/** In these states an operation holds the one place of its user. */
export const openStates = ['queued', 'running', 'waiting'] as const satisfies State[]
export const finalStates = ['succeeded', 'failed', 'needs-attention', 'cancelled'] as const satisfies State[]

export const isFinal = (state: State) => (finalStates as readonly State[]).includes(state)

/** What can be asked for besides; each kind has its own, as its route says. */
export type Options = {
  /** `remove`: a second factor in the way of our log-in is taken away for good. */
  twoFactor?: 'keep' | 'remove'
  /** The server encrypts files with each user's own password: they may become unreadable. */
  acceptDataLoss?: boolean
  /** Where nothing else can revoke, the password may be replaced for it. */
  replacePassword?: boolean
  /** Only these tokens; `lastUsedBefore` in RFC 3339. */
  only?: { kind?: 'session' | 'app-password'; lastUsedBefore?: string; tokenId?: number }
  /** Devices are told to erase what they have synchronised. */
  wipe?: boolean
  passkeys?: 'keep' | 'delete'
  /** Public links and federated shares. */
  shares?: 'keep' | 'delete'
  /** Of an off-boarding: which groups the user leaves; of a reinstatement: which the user comes back to. */
  groups?: 'all' | string[]
  restoreGroups?: boolean
  /** A mail address that is told. */
  manager?: string
  /** ISO 8601 duration. */
  deleteAfter?: string
  /** Of a campaign: which round it follows from, and why. */
  campaign?: { id: string; round: number; because: 'silent' | 'bounced' | 'undelivered' | 'left' | 'reset' }
}

/** What was asked for. */
export type Input = Options & {
  reason?: string
  /** Who tells the user; `none`: the caller does. */
  mail: 'nextcloud' | 'smtp' | 'none'
  revoke: 'all' | 'sessions' | 'none'
}

export type StepState = 'pending' | 'started' | 'done' | 'skipped' | 'waiting' | 'failed' | 'unknown'

export type StepRow = {
  position: number
  name: string
  state: StepState
  attempts: number
  progress: Record<string, unknown> | null
  outcome: Outcome | null
  problem: Problem | null
  startedAt: Date | null
  finishedAt: Date | null
  /** How long ago the last attempt sent something that changes the user, when this was read. Milliseconds. */
  sentAgoMs: number | null
}

export type Operation = {
  id: string
  kind: Kind
  userId: string
  state: State
  input: Input
  steps: StepRow[]
  problem: Problem | null
  resumeAt: Date | null
  retrySince: Date
  supersededBy: string | null
  /** It cancelled one that had replaced the password and only waited for its mail. */
  supersedes: boolean
  requestedBy: string
  /** Who answers for the key that asked, and who made it. */
  owner: string
  vouchers: string[]
  /** Of a second person, if one was asked: then no brake counts it. */
  approvalId: string | null
  /** Who asked for a stop while it ran: it stops before the next step. */
  cancelledBy: string | null
  createdAt: Date
  finishedAt: Date | null
}

/** What is known of the mail: never more than the one who took it said. */
export type Delivery = 'requested' | 'accepted' | 'rejected' | 'unknown' | 'not-requested'

/** Read back, or not known: never a hoped-for 0. */
export type Known = number | 'unknown'

/** What a user could still get in by, or data get out by. */
export type ResidualAccess = {
  tokens: Known
  wipePending: Known
  /** 1: one is pending. */
  resetLink: Known
  passkeys: Known
  publicLinks: Known
  federatedShares: Known
}

/** From when to when; null: not over yet. RFC 3339. */
export type Windows = { from: string; to: string | null }[]

/** What steps leave behind; an operation's outcome is all of them together. Only what is known. */
export type Outcome = {
  /** The user as found before anything was changed. */
  user?: {
    id: string
    displayName: string
    mailAddress: string | null
    language: string | null
    enabled: boolean
    backend: string
    /** A person's, not our own log-ins; null: never. RFC 3339. */
    lastLogin: string | null
  }
  /** How tokens are revoked, and why so. */
  driver?: { name: DriverName; because: string; pastSecondFactor?: true }
  passwordReplaced?: boolean | 'unknown'
  secondFactorsRemoved?: string[]
  /** Counted by kind, wiped tokens and our own log-in left out. */
  revoked?: { sessions: number; appPasswords: number } | 'unknown'
  /** Read back from Nextcloud after the deletes: what still is of that which was to go. */
  remaining?: Known
  /** Left because it was not asked for (`revoke: "sessions"`). */
  kept?: { sessions: number; appPasswords: number }
  passkeys?: { deleted: number; remaining: Known }
  shares?: { deleted: number; publicLinks: Known; federatedShares: Known }
  /** Devices that were told to wipe and have not reported: their tokens stay until they do. */
  wipePending?: Known
  wipe?: 'asked'
  /** A reset link mailed before: `dead`, or `unknown` where nothing we did is sure to kill it. */
  earlierResetLink?: 'dead' | 'unknown'
  /** Whether Nextcloud lets the user in, as far as enabling goes. */
  enabled?: boolean
  /** When a disabled user was enabled, or may have been, for no longer than revoking took. */
  windows?: Windows
  groupsRemoved?: string[]
  groupsRestored?: string[]
  /** Nextcloud has them no more. */
  groupsMissing?: string[]
  residualAccess?: ResidualAccess
  /** A deletion that was put off. */
  deletion?: { operation: string; at: string }
  deleted?: boolean
  notice?: { to: string; delivery: Delivery }
  mail?: { via: Input['mail']; delivery: Delivery; to?: string }
}

/** The operation's outcome so far: what its steps know, later steps completing earlier ones. */
export function outcomeOf(steps: Told[]): Outcome {
  const windows = windowsOf(steps)
  return Object.assign({}, ...steps.map((step) => step.outcome), windows.length > 0 && { windows })
}

type Told = Pick<StepRow, 'outcome'> & Partial<Pick<StepRow, 'progress'>>

/** Told from the moment before they open, whatever becomes of the step; one that was closed twice ends the second time. */
function windowsOf(steps: Told[]): Windows {
  const told: Windows = []
  for (const { outcome, progress } of steps)
    for (const windows of [progress?.windows as Windows | undefined, outcome?.windows])
      for (const [n, { from, to }] of (windows ?? []).entries()) {
        const before = told[n]?.to ?? null
        told[n] = { from, to: before !== null && (to === null || before > to) ? before : to }
      }
  return told
}

/** Nextcloud takes `Alice` for `alice`: one place for both. */
export const placeOf = (userId: string) => userId.toLowerCase()
