/** What SETs come of what the audit says. Only what is known to have happened is told. */
import type { AuditEvent } from '../../audit/event.ts'

/** Events of CAEP 1.0 and RISC 1.0, by their URIs. */
export const eventTypes = {
  sessionRevoked: 'https://schemas.openid.net/secevent/caep/event-type/session-revoked',
  credentialChange: 'https://schemas.openid.net/secevent/caep/event-type/credential-change',
  accountDisabled: 'https://schemas.openid.net/secevent/risc/event-type/account-disabled',
  accountEnabled: 'https://schemas.openid.net/secevent/risc/event-type/account-enabled',
  accountPurged: 'https://schemas.openid.net/secevent/risc/event-type/account-purged'
} as const

/** `events_supported` of a stream. */
export const supportedEvents = Object.values(eventTypes)
export type AccountEvent = (typeof supportedEvents)[number]

/** Events about the stream itself (SSF 1.0, 8.1.4.1 and 8.1.5), which nobody has to ask for. */
export const streamEvents = {
  verification: 'https://schemas.openid.net/secevent/ssf/event-type/verification',
  updated: 'https://schemas.openid.net/secevent/ssf/event-type/stream-updated'
} as const
export type StreamEvent = (typeof streamEvents)[keyof typeof streamEvents]

export type SetType = AccountEvent | StreamEvent

/** What is kept of a SET about a person: what it says, but for who says it, to whom and when. */
export type AccountData = {
  operation: string
  /** `reset`, `offboard` … */
  kind: string
  userId: string
  /** As Nextcloud had it when the operation began. */
  email?: string
  /** It follows from a campaign, and not from somebody's wish. */
  policy?: true
}
/** Of one about the stream. */
export type StreamData = { state?: string } | { status: 'disabled'; reason: string }
export type SetData = AccountData | StreamData

/** What is known of the operation that an event is about. */
export type Background = {
  kind: string
  /** Only some sessions or app passwords were to go. */
  isPart: boolean
  isPolicy: boolean
  /** The user as found before anything was changed; null: as older versions recorded it. */
  found: { mailAddress?: string | null; enabled?: boolean } | null
  /** Nextcloud did not say whether it took the new password: what comes later may tell. */
  isPasswordOpen: boolean
}

type OfStep = Extract<AuditEvent, { action: `step.${string}` }>
type Told = { passwordReplaced?: unknown; enabled?: unknown; deleted?: unknown }

/** Steps of which something may be told; for all others nobody has to look at the operation. */
const telling = new Set([
  'replace-password',
  'revoke-tokens',
  'disable-user',
  'enable-user',
  'delete-account'
])
const endings = new Set<AuditEvent['action']>(['step.done', 'step.skipped', 'step.failed', 'step.undone'])

/** Whether {@link accountEventsOf} may have something to tell of it. */
export const mayTell = (event: AuditEvent): event is OfStep & { operationId: string; userId: string } =>
  endings.has(event.action) &&
  telling.has((event as OfStep).details.step) &&
  event.operationId !== undefined &&
  event.userId !== undefined

/**
 * What happened to the account. The moments for which `enable-briefly` lets a disabled user in are not told: nobody is to
 * act on them.
 */
export function accountEventsOf(event: OfStep, background: Background): AccountEvent[] {
  const outcome: Told = 'outcome' in event.details ? (event.details.outcome ?? {}) : {}
  const isDone = event.action === 'step.done'
  switch (event.details.step) {
    case 'replace-password':
      return isDone && outcome.passwordReplaced === true ? [eventTypes.credentialChange] : []
    case 'revoke-tokens':
      return [
        // The log-in got in with the new password, also where tokens came back afterwards.
        ...(background.isPasswordOpen && outcome.passwordReplaced === true
          ? [eventTypes.credentialChange]
          : []),
        ...(isDone && !background.isPart ? [eventTypes.sessionRevoked] : [])
      ]
    case 'disable-user':
      return isDone ? [eventTypes.accountDisabled] : []
    case 'enable-user':
      if (event.action === 'step.undone') return [eventTypes.accountDisabled]
      if (isDone) return [eventTypes.accountEnabled]
      // Enabled by a try whose answer was lost: the next one found nothing left to do.
      return event.action === 'step.skipped' &&
        outcome.enabled === true &&
        background.found?.enabled === false
        ? [eventTypes.accountEnabled]
        : []
    case 'delete-account':
      return isDone && outcome.deleted === true ? [eventTypes.accountPurged] : []
    default:
      return []
  }
}

export const dataOf = (
  { operationId, userId }: { operationId: string; userId: string },
  { kind, isPolicy, found }: Background
): AccountData => ({
  operation: operationId,
  kind,
  userId,
  ...(found?.mailAddress && { email: found.mailAddress }),
  ...(isPolicy && { policy: true })
})
