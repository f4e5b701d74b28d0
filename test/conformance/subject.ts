import type { Test } from 'tap'
import type { TokenKind } from '../../src/nextcloud/session.ts'
import type { Fence } from '../../src/nextcloud/transport.ts'
import type { RevocationDriver, RevokeRequest, RevokeResult } from '../../src/revocation/driver.ts'
import { Secret } from '../../src/secret.ts'

export type Seed = { kind: TokenKind; lastActivity?: Date }

/** A Nextcloud with users, seen past the driver that is judged. */
export type Subject = {
  can: Abilities
  driver(fence: Fence): RevocationDriver
  addUser(id: string): Promise<void>
  /** @returns their ids, in order */
  addTokens(userId: string, seeds: Seed[]): Promise<number[]>
  tokens(userId: string): Promise<{ id: number; kind: TokenKind }[]>
  markWiped(tokenId: number): Promise<void>
  mailLink(userId: string): Promise<void>
  hasLink(userId: string): Promise<boolean>
  /** Nothing gets through until it is mended. */
  breakOff(): Promise<void>
  mend(): Promise<void>
  /** Called before the first delete: the deletes get through, and the list that follows them does not. */
  loseReadBack(userId: string): Promise<void>
}

export type Abilities = {
  /** Can revoke a part of the tokens. */
  selects: boolean
  /** Deletes them; otherwise they stay, to be wiped. */
  deletes: boolean
  counts: boolean
  /** Each delete is a change of its own: an attempt can end between two. */
  oneByOne: boolean
  killsLinks: boolean
  /** Of itself; otherwise whoever gave it the id does. */
  knowsUsers: boolean
  /** A token that is to be wiped a moment after it was listed is spared. */
  sparesLateWipes: boolean
  /** Waits for the cache, at least so long. Milliseconds. */
  waits: number
  /** Ids that are taken for `alice` where something is compared, matched or resolved the wrong way. */
  similarIds: string[]
  /** Of users that this Nextcloud can have. */
  hostileIds: string[]
}

export const hostileIds = [
  'a;touch x',
  '$(touch x)',
  '`touch x`',
  'two words',
  '-x',
  '--help',
  '--delete',
  "it's",
  'say "hi"',
  '100%',
  'back\\slash',
  "';DROP TABLE oc_authtoken;--",
  'ünï'
]

export const password = 'Just-Set-Password-4711'

export const freeFence: Fence = { confirm: async () => {}, isFresh: () => true }

export type Asked = Partial<Omit<RevokeRequest, 'userId'>>

/** A revocation as a step asks for it. */
export function revoke(subject: Subject, userId: string, asked: Asked = {}): Promise<RevokeResult> {
  const fence = asked.fence ?? freeFence
  return subject.driver(fence).revoke({
    operationId: '00000000-0000-7000-8000-000000000000',
    userId,
    which: {},
    password: new Secret(password),
    progress: null,
    saveProgress: async () => {},
    onLogin: async () => {},
    ...asked,
    fence
  })
}

/** What still gives access. */
export const alive = async (subject: Subject, userId: string) =>
  (await subject.tokens(userId)).filter(({ kind }) => kind !== 'wiped')

export type Case = { t: Test; subject: Subject }

const session: Seed = { kind: 'session' }
const app: Seed = { kind: 'app-password' }
const wiped: Seed = { kind: 'wiped' }
export const seeds = { session, app, wiped }

/** Why a call failed, as steps ask for it. */
export const failureOf = (asked: Promise<unknown>): Promise<string> =>
  asked.then(
    () => 'did not fail',
    (error) => error.variant ?? error.message
  )
