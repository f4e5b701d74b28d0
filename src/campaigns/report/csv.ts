import { byteOrderMark, line } from '../../csv.ts'
import type { Entry, Head, Mail, Writer } from './report.ts'

const separator = ' | '

/** Of each participant, by the name of the column. */
const columns: Record<string, (entry: Entry, head: Head) => string | null | undefined> = {
  user_id: ({ userId }) => userId,
  display_name: ({ displayName }) => displayName,
  address: ({ address }) => address,
  backend: ({ backend }) => backend,
  last_login: ({ lastLogin }) => lastLogin,
  state: ({ state }) => state,
  not_asked_because: ({ outBecause }) => outBecause,
  asked_at: ({ askedAt }) => askedAt,
  asked_at_address: ({ mails }) => mails[0]?.address,
  mails: ({ mails }) => mails.map(mailWords).join(separator),
  contact: ({ contact }) => contact,
  answer: ({ answer }) => answer?.answer,
  answered_at: ({ answer }) => answer?.at,
  answered_by: ({ answer }) => answer?.by,
  answered_as: ({ answer }) => answer?.role,
  answer_reason: ({ answer }) => answer?.reason,
  action_because: ({ because }) => because,
  action: ({ action }) => action?.kind,
  action_state: ({ action }) => action && (action.kept ? action.state : 'no longer kept'),
  action_done: ({ action }) => action?.done.join(separator),
  action_verified: ({ action }) => action?.verified.join(separator),
  action_finished_at: ({ action }) => action?.finishedAt,
  operation_id: ({ action }) => action?.operationId,
  approval: ({ action }) => action?.approval?.state,
  approval_by: ({ action }) => action?.approval?.decidedBy,
  approval_at: ({ action }) => action?.approval?.decidedAt,
  approval_reason: ({ action }) => action?.approval?.reason,
  approval_hash: ({ action }) => action?.approval?.hash,
  problem: ({ problem, action }) => (problem ?? action?.problem)?.code,
  problem_detail: ({ problem, action }) => (problem ?? action?.problem)?.detail,
  ended_at: ({ endedAt }) => endedAt,
  campaign: (_, { campaign }) => campaign.name,
  round: (_, { round }) => String(round.number),
  report: (_, { final, asOf }) => `${final ? 'final' : 'not final'}: as of ${asOf}`
}

/** One row for each participant. */
export const csv: Writer = {
  type: 'text/csv; charset=utf-8; header=present',
  start: () => byteOrderMark + line(Object.keys(columns)),
  rows: (entries, _, head) =>
    entries.map((entry) => line(Object.values(columns).map((read) => read(entry, head)))).join(''),
  end: () => ''
}

const mailWords = ({ number, address, at, state, response, bounce }: Mail) =>
  [
    `${number === 0 ? 'invitation' : `reminder ${number}`} ${at} to ${address}: ${state}`,
    response && ` (${response})`,
    bounce && `; ${bounce.kind} bounce ${bounce.at}`,
    bounce?.said && ` (${bounce.said})`
  ]
    .filter(Boolean)
    .join('')
