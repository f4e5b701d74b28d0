import type { Kind } from '../../../src/operations/operation.ts'
import { planOf } from '../../../src/operations/plan.ts'
import type { FaultKind } from '../../../src/sandbox/index.ts'
import { type Checkpoint, checkpoints } from '../../../src/world.ts'

/** The calls to Nextcloud that concern one user, as the sandbox tells them apart; and the kinds of operation that make them. */
export const calls = {
  'get user': { method: 'GET', pathRegex: '/cloud/users/', of: ['reset', 'reset-mail'], effect: false },
  'two-factor state': { method: 'GET', pathRegex: '/twofactor/state', of: ['reset'], effect: false },
  'set password': { method: 'PUT', pathRegex: '/cloud/users/', of: ['reset'], effect: true },
  'log in': { method: 'POST', pathRegex: '/login$', of: ['reset'], effect: true },
  'list tokens': { method: 'GET', pathRegex: '/settings/user/security', of: ['reset'], effect: false },
  'delete token': { method: 'DELETE', pathRegex: '/authtokens/', of: ['reset'], effect: true },
  'request reset mail': {
    method: 'POST',
    pathRegex: '/lostpassword/email',
    of: ['reset', 'reset-mail'],
    effect: true
  }
} as const satisfies Record<string, { method: string; pathRegex: string; of: Kind[]; effect: boolean }>
export type CallName = keyof typeof calls

/** Everything that a call can meet, as the sandbox does it. */
export const remoteKinds = [
  'refuse',
  'hang-before',
  'hang-after',
  'reset-before',
  'reset-after',
  'reset-body',
  'truncate',
  'trickle',
  'non-json',
  'empty-200',
  'ocs-failure',
  'html-500',
  '429-empty',
  '429-delay',
  '503-maintenance',
  'redirect',
  'late'
] as const satisfies FaultKind[]
export type RemoteKind = (typeof remoteKinds)[number]

/** What one operation is hit by. */
export type Hit =
  | { do: 'kill' | 'stop'; step: string; point: Checkpoint }
  | { do: 'remote'; call: CallName; kind: RemoteKind }
  | { do: 'none' }

/** Made from the step lists: a new step is covered without anyone remembering. */
export const crashPoints = (kind: Kind): { step: string; point: Checkpoint }[] =>
  planOf(kind, { mail: 'nextcloud', revoke: 'all' }).flatMap(({ step: { name: step, repeat } }) =>
    checkpoints
      .filter((point) => point !== 'begun' || 'atMostOnce' in repeat)
      .map((point) => ({ step, point }))
  )

/** A hit and what it strikes. */
export type Card = { kind: Kind; hit: Hit }

/** Every process that can die and every fault that a call can meet, each once for each kind of operation. */
export const allHits: Card[] = (['reset', 'reset-mail'] as const).flatMap((kind) => [
  ...crashPoints(kind).map((at): Card => ({ kind, hit: { do: 'kill', ...at } })),
  ...Object.entries(calls)
    .filter(([, { of }]) => (of as readonly Kind[]).includes(kind))
    .flatMap(([call]) =>
      remoteKinds.map((fault): Card => ({ kind, hit: { do: 'remote', call: call as CallName, kind: fault } }))
    )
])

/** Every point at which a process can be stopped, and go on when others have taken over. */
export const allStops: Card[] = (['reset', 'reset-mail'] as const).flatMap((kind) =>
  crashPoints(kind).map((at): Card => ({ kind, hit: { do: 'stop', ...at } }))
)

/** A row of the table. */
export const nameOf = (hit: Hit): string => {
  switch (hit.do) {
    case 'kill':
      return `killed: ${hit.point}`
    case 'stop':
      return `stopped and resumed: ${hit.point}`
    case 'remote':
      return `${hit.call}: ${hit.kind}`
    case 'none':
      return 'none of its own'
  }
}

/** Answers of the mail call after which nothing was sent for sure; after every other one nobody knows. */
const surelyNotMailed: ReadonlySet<RemoteKind> = new Set(['429-empty', '503-maintenance'])

/** Whether the operation may end by asking a person about its mail. */
export function mayLeaveMailUnknown(hit: Hit): boolean {
  if (hit.do === 'remote') return hit.call === 'request reset mail' && !surelyNotMailed.has(hit.kind)
  return hit.do !== 'none' && hit.step === 'send-reset-mail' && hit.point !== 'recorded'
}
