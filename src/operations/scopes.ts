import type { Scope } from '../access/scope.ts'
import type { Input, Kind } from './operation.ts'

const scopeOfKind: Record<Kind, Scope> = {
  reset: 'users:reset',
  'reset-mail': 'users:reset',
  revoke: 'users:revoke',
  disable: 'users:offboard',
  enable: 'users:offboard',
  wipe: 'users:wipe',
  offboard: 'users:offboard',
  reinstate: 'users:offboard',
  delete: 'users:delete'
}

/** Everything that a key needs to begin such an operation, let it go on, or stop it. */
export const scopesOf = (kind: Kind, { wipe, deleteAfter }: Input): Scope[] => [
  scopeOfKind[kind],
  ...(wipe ? ['users:wipe' as const] : []),
  ...(deleteAfter ? ['users:delete' as const] : [])
]
