import type { Actor } from '../audit/event.ts'

/** What a key may do. `admin` may do everything. */
export const scopes = [
  'users:read',
  'users:reset',
  'users:revoke',
  'users:offboard',
  'users:wipe',
  'users:delete',
  'campaigns:read',
  'campaigns:write',
  'audit:read',
  'approvals:decide',
  'keys:manage',
  'webhooks:manage',
  'signals:send',
  'streams:manage',
  'admin'
] as const
export type Scope = (typeof scopes)[number]

/** What a route asks for: a scope, any valid key, somebody who is signed in to the console, or nothing at all. */
export type Access = Scope | 'any-key' | 'session' | 'public'

/** Who calls. */
export type Caller = {
  /** The key itself, or the subject of an access token: what `requestedBy` and the audit say. */
  actor: Actor
  /** The person or system that answers for it. Who has several keys is still one owner. */
  owner: string
  scopes: Scope[]
  /** The owners who made it, and who made theirs: they are no second pair of eyes for each other. */
  vouchers: string[]
  /** Since when it is known; absent: nobody can tell (`LOCKSMITH_API_KEY`). */
  since?: Date
  /** Only users of one of these groups of Nextcloud; absent: everyone. Such a caller sees its own operations alone. */
  groups?: string[]
  /** Only from these networks; absent: from anywhere. */
  cidrs?: string[]
  /** When it ends by itself; absent: it does not. */
  expiresAt?: Date
  /** The actors whose place it took: what they began is its own. */
  lineage?: Actor[]
  /** Whatever it changes must come with an `Idempotency-Key`. */
  requireIdempotencyKey?: boolean
  /** Of a request that an issuer has signed: who, and by what name it is known when it comes again. */
  signed?: { issuer: string; id?: string }
}

/** Whoever has no scope at all gets in nowhere, and what an issuer has signed is good for its one scope alone. */
export const mayEnter = (caller: Caller, access: Scope | 'any-key') =>
  (access === 'any-key' && caller.scopes.length > 0 && !caller.signed) ||
  caller.scopes.includes('admin') ||
  caller.scopes.includes(access as Scope)

export const isScope = (value: string): value is Scope => (scopes as readonly string[]).includes(value)

/** Everyone who is the same caller, to whom its operations belong. */
export const selvesOf = ({ actor, lineage = [] }: Caller): Actor[] => [...lineage, actor]
