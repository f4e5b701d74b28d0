/** What a key may do. `admin` may do everything. */
export const scopes = [
  'users:read',
  'users:reset',
  'users:revoke',
  'users:offboard',
  'users:wipe',
  'users:delete',
  'audit:read',
  'admin'
] as const
export type Scope = (typeof scopes)[number]

/** What a route asks for: a scope, any valid key, or nothing at all. */
export type Access = Scope | 'any-key' | 'public'

export type Caller = {
  keyId: string
  scopes: Scope[]
  /** Whatever it changes must come with an `Idempotency-Key`. */
  requireIdempotencyKey?: boolean
}

export const mayEnter = (caller: Caller, access: Exclude<Access, 'public'>) =>
  access === 'any-key' || caller.scopes.includes('admin') || caller.scopes.includes(access)

export const isScope = (value: string): value is Scope => (scopes as readonly string[]).includes(value)
