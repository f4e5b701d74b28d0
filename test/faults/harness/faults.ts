import type { Kind, Options } from '../../../src/operations/operation.ts'
import { planOf } from '../../../src/operations/plan.ts'
import type { FaultKind } from '../../../src/sandbox/index.ts'
import { type Checkpoint, checkpoints } from '../../../src/world.ts'
import { createRandom, type Random } from './random.ts'

/** What is played: a kind of operation, and whether its user is enabled before and afterwards. */
export const plays = {
  reset: { kind: 'reset', before: true, after: true },
  'reset-mail': { kind: 'reset-mail', before: true, after: true },
  offboard: { kind: 'offboard', before: true, after: false },
  'offboard of a disabled user': { kind: 'offboard', before: false, after: false },
  enable: { kind: 'enable', before: false, after: true },
  disable: { kind: 'disable', before: true, after: false },
  wipe: { kind: 'wipe', before: true, after: true }
} as const satisfies Record<string, { kind: Kind; before: boolean; after: boolean }>
export type Play = keyof typeof plays

/** Everything that an off-boarding can be asked for besides. */
export const everything = {
  shares: 'delete',
  passkeys: 'delete',
  groups: 'all',
  wipe: true,
  deleteAfter: 'P30D',
  manager: 'manager@example.org'
} as const satisfies Options

type CallSpec = {
  method: string
  pathRegex: string
  /** What makes it, and how often at least: any of them may be struck. */
  of: Partial<Record<Play, number>>
}

const leavers = (times: number) => ({ offboard: times, 'offboard of a disabled user': times })

/** The calls to Nextcloud that concern one user, as the sandbox tells them apart; and what makes them. */
export const calls = {
  'get user': {
    method: 'GET',
    pathRegex: '/cloud/users/',
    of: { reset: 1, 'reset-mail': 1, ...leavers(3), enable: 2, disable: 2, wipe: 1 }
  },
  'two-factor state': {
    method: 'GET',
    pathRegex: '/twofactor/state',
    of: { reset: 1, ...leavers(1), enable: 1 }
  },
  'set password': {
    method: 'PUT',
    pathRegex: '/cloud/users/[^/]+$',
    of: { reset: 1, ...leavers(1), enable: 1 }
  },
  'enable user': {
    method: 'PUT',
    pathRegex: '/cloud/users/[^/]+/enable',
    of: { 'offboard of a disabled user': 1, enable: 1 }
  },
  'disable user': {
    method: 'PUT',
    pathRegex: '/cloud/users/[^/]+/disable',
    of: { ...leavers(1), disable: 1 }
  },
  'wipe devices': { method: 'POST', pathRegex: '/cloud/users/[^/]+/wipe', of: { ...leavers(1), wipe: 1 } },
  'log in': { method: 'POST', pathRegex: '/login$', of: { reset: 1, ...leavers(1), enable: 1 } },
  'list tokens': {
    method: 'GET',
    pathRegex: '/settings/user/security',
    of: { reset: 1, ...leavers(2), enable: 2 }
  },
  'delete token': { method: 'DELETE', pathRegex: '/authtokens/', of: { reset: 1, ...leavers(2), enable: 2 } },
  'delete passkey': { method: 'DELETE', pathRegex: '/webauthn/', of: leavers(1) },
  'list shares': { method: 'GET', pathRegex: '/api/v1/shares', of: leavers(3) },
  'delete share': { method: 'DELETE', pathRegex: '/api/v1/shares', of: leavers(2) },
  'leave group': { method: 'DELETE', pathRegex: '/cloud/users/[^/]+/groups', of: leavers(2) },
  'request reset mail': {
    method: 'POST',
    pathRegex: '/lostpassword/email',
    of: { reset: 1, 'reset-mail': 1, enable: 1 }
  }
} as const satisfies Record<string, CallSpec>
export type CallName = keyof typeof calls
export const timesOf = (call: CallName, play: Play): number => (calls[call] as CallSpec).of[play] ?? 0

/** What has to be asked for where a step, or a call, is to be struck. */
export const asking: Record<string, (keyof typeof everything)[]> = {
  'wipe-devices': ['wipe'],
  'wipe devices': ['wipe'],
  'delete-shares': ['shares'],
  'list shares': ['shares'],
  'delete share': ['shares'],
  'delete passkey': ['passkeys'],
  'leave-groups': ['groups'],
  'leave group': ['groups'],
  'put-off-deletion': ['deleteAfter'],
  'notify-manager': ['manager']
}

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
  /** `lasting`: from then on every such call, until a person is asked. */
  | { do: 'remote'; call: CallName; kind: RemoteKind; lasting?: true }
  | { do: 'none' }

/** Made from the step lists: a new step is covered without anyone remembering. */
export const crashPoints = (play: Play): { step: string; point: Checkpoint }[] => {
  const { kind, before: enabled } = plays[play]
  const user = { enabled, canSetPassword: true, groups: [] }
  const choice = { name: 'session', because: '' } as const
  const known = { user, providers: [], choice, refused: undefined, noReplacement: undefined }
  return planOf(kind, { mail: 'nextcloud', revoke: 'all', ...everything }, known).flatMap(
    ({ step: { name: step, repeat } }) =>
      checkpoints
        .filter((point) => point !== 'begun' || 'atMostOnce' in repeat)
        .map((point) => ({ step, point }))
  )
}

/** A hit and what it strikes. */
export type Card = { play: Play; hit: Hit }

/** Every process that can die and every fault that a call can meet, each once. */
const hitsOf = (...played: Play[]): Card[] =>
  played.flatMap((play) => [
    ...crashPoints(play).map((at): Card => ({ play, hit: { do: 'kill', ...at } })),
    ...(Object.keys(calls) as CallName[])
      .filter((call) => timesOf(call, play) > 0)
      .flatMap((call) => remoteKinds.map((kind): Card => ({ play, hit: { do: 'remote', call, kind } })))
  ])

/** Played in each pass. */
const resets = hitsOf('reset', 'reset-mail')
/** Each pass plays a share of them, the next one the next. */
const leaves = hitsOf('offboard', 'offboard of a disabled user', 'enable', 'disable', 'wipe')
export const parts = 5

/** What one pass plays, in an order of its own. */
export function deckOf(pass: number, random: Random): Card[] {
  const share = createRandom(1)
    .shuffled(leaves)
    .filter((_, at) => at % parts === pass % parts)
  return random.shuffled([...resets, ...share])
}

/** Every point at which a process can be stopped, and go on when others have taken over. */
export const allStops: Card[] = (Object.keys(plays) as Play[]).flatMap((play) =>
  crashPoints(play).map((at): Card => ({ play, hit: { do: 'stop', ...at } }))
)

/** Every call that never works any more: nothing comes of it, or nobody can tell. */
export const allLasting: Card[] = leaves.flatMap(({ play, hit }) =>
  hit.do === 'remote' && (hit.kind === 'html-500' || hit.kind === 'non-json')
    ? [{ play, hit: { ...hit, lasting: true } }]
    : []
)

/** A row of the table. */
export const nameOf = (hit: Hit): string => {
  switch (hit.do) {
    case 'kill':
      return `killed: ${hit.point}`
    case 'stop':
      return `stopped and resumed: ${hit.point}`
    case 'remote':
      return hit.lasting ? `given up: ${hit.call}` : `${hit.call}: ${hit.kind}`
    case 'none':
      return 'none of its own'
  }
}

/** Answers of the mail call after which nothing was sent for sure; after every other one nobody knows. */
const surelyNotMailed: ReadonlySet<RemoteKind> = new Set(['429-empty', '503-maintenance'])

/** What is done once at most: after a crash in the middle of it nobody can tell. */
export const mailSteps: readonly string[] = ['send-reset-mail', 'notify-manager']

/** Whether the operation may end by asking a person about its mail. */
export function mayLeaveMailUnknown(hit: Hit): boolean {
  if (hit.do === 'remote') return hit.call === 'request reset mail' && !surelyNotMailed.has(hit.kind)
  return hit.do !== 'none' && mailSteps.includes(hit.step) && hit.point !== 'recorded'
}
