/** What follows from a word of the client's, for the user as it stands. Nothing is done here. */
import { DomainError } from '../../errors.ts'
import type { NextcloudUser } from '../../nextcloud/users.ts'
import type { Act } from '../../operations/acts.sql.ts'
import type { Input, Kind } from '../../operations/operation.ts'
import { locksOut, type Standing } from './standing.ts'

export type Seen = { user: NextcloudUser; standing: Standing }

export type Verdict =
  /** @property deletedBy the off-boarding by which the client has deleted the user */
  | { do: 'nothing'; deletedBy?: string }
  /** @property waits where something else works on the user, its end is waited for */
  | { do: 'begin'; kind: Kind; input: Input; waits: boolean; deletes?: true }
  /** The user is locked out already: only the deletion is put off. */
  | { do: 'schedule'; of: string; after: string }
  | { do: 'wait'; for: Act }
  /** Nobody wants these any more. */
  | { do: 'cancel'; ids: string[] }

const nothing: Verdict = { do: 'nothing' }
const pathOf = ({ id }: Act) => `/operations/${id}`

/** `active: false`. Said again it begins nothing: what was decided stands, or the user is locked out. */
export function deactivate({ user, standing: { open, held, offboarded } }: Seen): Verdict {
  if (open?.kind === 'offboard' || open?.kind === 'delete' || held.length > 0) return nothing
  // Disabled by hand is not off-boarded: sessions and app passwords only sleep.
  if (!user.enabled && offboarded && !open) return nothing
  return {
    do: 'begin',
    kind: 'offboard',
    input: { reason: 'SCIM: active false', mail: 'none', revoke: 'all' },
    waits: true
  }
}

/**
 * `active: true`. While something locks the user out it is refused: what comes late, or twice, must not let a leaver in.
 * @param by.owner of the client's keys
 * @param by.isExplicit it was said for its own sake. A whole user always has `active`: there it lets in only whom the
 *   same client had off-boarded, not whom an administrator or a campaign has
 * @throws DomainError operation-already-running
 */
export function activate(
  { user, standing: { open, held, offboarded } }: Seen,
  by: { owner: string; isExplicit: boolean; mail: Input['mail'] }
): Verdict {
  if (open && locksOut(open)) throw underWay(user.id, open)
  const withdrawn = by.isExplicit ? held.filter(({ owner }) => owner === by.owner) : []
  if (withdrawn.length > 0) return { do: 'cancel', ids: withdrawn.map(({ id }) => id) }
  if (user.enabled || open?.kind === 'enable' || open?.kind === 'reinstate') return nothing
  if (!by.isExplicit && offboarded?.owner !== by.owner) return nothing
  const input: Input = { reason: 'SCIM: active true', mail: by.mail, revoke: 'all' }
  return { do: 'begin', kind: 'reinstate', input, waits: false }
}

/**
 * DELETE: locked out now, and deleted later.
 * @param after ISO 8601 duration
 * @throws DomainError awaiting-approval: nothing is decided yet, so it is not said that the user is gone
 */
export function remove({ user, standing }: Seen, after: string): Verdict {
  const { open, held, offboarded, deletion } = standing
  if (open && (open.kind === 'delete' || (open.kind === 'offboard' && open.deleteAfter !== null)))
    return { do: 'nothing', deletedBy: open.id }
  if (open?.kind === 'offboard') return { do: 'wait', for: open }
  const asked = held.find(({ deleteAfter }) => deleteAfter !== null)
  if (asked) throw awaitingApproval(user.id, asked)
  if (!user.enabled && offboarded && !open)
    return deletion
      ? { do: 'nothing', deletedBy: offboarded.id }
      : { do: 'schedule', of: offboarded.id, after }
  const input: Input = { reason: 'SCIM: deleted', mail: 'none', revoke: 'all', deleteAfter: after }
  return { do: 'begin', kind: 'offboard', input, waits: true, deletes: true }
}

const underWay = (id: string, open: Act) =>
  new DomainError(
    'operation-already-running',
    `"${id}" is being locked out (${open.kind}, ${pathOf(open)}), and is not let in again before that is over. Nothing was done: send it again then.`,
    { extra: { operation: pathOf(open) }, headers: { 'retry-after': '60' } }
  )

export const awaitingApproval = (id: string, { id: operation, approvalId }: Pick<Act, 'id' | 'approvalId'>) =>
  new DomainError(
    'awaiting-approval',
    `A brake is reached: the off-boarding of "${id}" is recorded (/operations/${operation}), and begins once a second person approves it (/approvals/${approvalId}). Nothing was done yet, so the user is not gone: send it again later.`,
    { extra: { operation: `/operations/${operation}`, approval: `/approvals/${approvalId}` } }
  )
