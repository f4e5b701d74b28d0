import type { Problem } from '../errors.ts'

/** What Locksmith does to one user. */
export const kinds = ['reset', 'reset-mail'] as const
export type Kind = (typeof kinds)[number]

export const states = [
  'queued',
  'running',
  'waiting',
  'awaiting-approval',
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
      'something was or may have been changed, and Locksmith cannot finish alone or a person stopped it',
    cancelled: 'a person stopped it before anything was changed'
  },
  waiting: {
    queued: 'resumeAt has come, or Nextcloud is back',
    cancelled: 'a person stopped it before anything was changed, or a newer reset brings its mail',
    'needs-attention': 'a person stopped it halfway'
  },
  'awaiting-approval': {
    cancelled: 'a person does not want it any more'
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

/** What was asked for. */
export type Input = {
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
  /** Who asked for a stop while it ran: it stops before the next step. */
  cancelledBy: string | null
  createdAt: Date
  finishedAt: Date | null
}

/** What is known of the mail: never more than the one who took it said. */
export type Delivery = 'requested' | 'accepted' | 'rejected' | 'unknown' | 'not-requested'

/** What steps leave behind; an operation's outcome is all of them together. Only what is known. */
export type Outcome = {
  /** The user as found before anything was changed. */
  user?: {
    id: string
    displayName: string
    mailAddress: string | null
    language: string | null
    /** A person's, not our own log-ins; null: never. RFC 3339. */
    lastLogin: string | null
  }
  passwordReplaced?: true | 'unknown'
  /** Counted by kind, wiped tokens and our own log-in left out. */
  revoked?: { sessions: number; appPasswords: number } | 'unknown'
  /** Read back from Nextcloud after the deletes: what still is of that which was to go. */
  remaining?: number | 'unknown'
  /** Left because it was not asked for (`revoke: "sessions"`). */
  kept?: { sessions: number; appPasswords: number }
  /** Devices that were told to wipe and have not reported: their tokens stay until they do. */
  wipePending?: number | 'unknown'
  /** A reset link mailed before: `dead`, or `unknown` where nothing we did is sure to kill it. */
  earlierResetLink?: 'dead' | 'unknown'
  mail?: { via: Input['mail']; delivery: Delivery; to?: string }
}

/** The operation's outcome so far: what its steps know, later steps completing earlier ones. */
export function outcomeOf(steps: Pick<StepRow, 'outcome'>[]): Outcome {
  return Object.assign({}, ...steps.map((step) => step.outcome))
}

/** Nextcloud takes `Alice` for `alice`: one place for both. */
export const placeOf = (userId: string) => userId.toLowerCase()
