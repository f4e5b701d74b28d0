import { kindOf } from '../nextcloud/security-page.ts'
import type { Token } from '../nextcloud/session.ts'

/** A row of `oc_authtoken`, whoever read it. @param lastActivity Unix time, s; 0 where it was never used */
export function tokenOfRow(row: {
  id: number
  name: unknown
  type: number | null
  lastActivity: unknown
}): Token {
  const { id, name, type, lastActivity } = row
  return {
    id,
    name: String(name ?? ''),
    kind: kindOf(type ?? 0), // its default
    lastActivity:
      typeof lastActivity === 'number' && lastActivity > 0 ? new Date(lastActivity * 1_000) : null,
    current: false
  }
}
