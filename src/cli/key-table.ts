import type { KeyRow } from '../access/key.sql.ts'

const day = (date: Date | null, none: string) => date?.toISOString().slice(0, 16).replace('T', ' ') ?? none

/** For people; times are UTC. @param now by the database's clock */
export function keyTable(keys: KeyRow[], now: Date): string {
  const head = ['ID', 'NAME', 'STATE', 'OWNER', 'SCOPES', 'LIMITS', 'CREATED', 'LAST USED']
  const rows = keys.map((key) => [
    key.id,
    key.name,
    stateOf(key, now),
    key.owner,
    key.scopes.join(','),
    [...(key.allowedCidrs ?? []), ...(key.allowedGroups ?? []).map((group) => `group ${group}`)].join(',') ||
      '-',
    day(key.createdAt, ''),
    day(key.lastUsedAt, 'never')
  ])
  const widths = head.map((title, at) => Math.max(title.length, ...rows.map((row) => row[at]!.length)))
  return [head, ...rows]
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at]!))
        .join('  ')
        .trimEnd()
    )
    .join('\n')
}

function stateOf({ revokedAt, expiresAt, rotatedTo }: KeyRow, now: Date): string {
  if (revokedAt) return 'revoked'
  if (expiresAt && expiresAt <= now) return 'expired'
  const until = expiresAt ? `until ${day(expiresAt, '')}` : 'valid'
  return rotatedTo ? `${until} (now ${rotatedTo})` : until
}
