import type { Problem } from '../../errors.ts'

/** Users by the state in which they are. */
export type Counts = Record<string, number>
type Person = { userId: string; displayName: string }

/** What the owner of a campaign is told. */
export type Notice =
  /** @param by `self`, `contact:<address>`, or who called */
  | { kind: 'left'; details: Person & { by: string } }
  | { kind: 'bounced'; details: Person & { address: string | null; said: string | null } }
  /** @param approvals paths; none: nothing waits @param brakes why a second person is asked */
  | { kind: 'closed'; details: { counts: Counts; approvals: string[]; brakes: string[] } }
  | { kind: 'aborted'; details: { problem: Pick<Problem, 'title' | 'detail'> } }
  /** @param report its path */
  | { kind: 'ended'; details: { counts: Counts; report: string } }
  /** The confirm page cannot be reached. @param since RFC 3339 */
  | { kind: 'page-away'; details: { since?: string | null } }

export type NoticeOf<K extends Notice['kind']> = Extract<Notice, { kind: K }>['details']
