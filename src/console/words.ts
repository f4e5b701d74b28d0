/** What the console calls things. */
import type { CampaignState } from '../campaigns/campaign.ts'
import type { ParticipantState } from '../campaigns/participant.ts'
import type { ApprovalState } from '../guard/approval.ts'
import type { Kind, State } from '../operations/operation.ts'
import type { Tone } from './html.ts'

/** What was asked for, as a heading has it. */
export const kindWords: Record<Kind | 'audit-prune', string> = {
  reset: 'Reset',
  'reset-mail': 'Reset mail',
  revoke: 'Revoke sessions and app passwords',
  disable: 'Disable',
  enable: 'Enable',
  wipe: 'Wipe devices',
  offboard: 'Off-board',
  reinstate: 'Reinstate',
  delete: 'Delete the account',
  'audit-prune': 'Delete old events of the audit log'
}

export const stateWords: Record<State, { tone: Tone; word: string; means: string }> = {
  queued: { tone: 'busy', word: 'Queued', means: 'It begins as soon as there is a free hand.' },
  running: { tone: 'busy', word: 'Running', means: 'It is being done now.' },
  waiting: { tone: 'busy', word: 'Waiting', means: 'It goes on by itself.' },
  'awaiting-approval': {
    tone: 'warn',
    word: 'Awaits approval',
    means: 'It begins once a second person approves it. Until then nothing is done.'
  },
  scheduled: { tone: 'busy', word: 'Scheduled', means: 'It begins by itself when its time comes.' },
  succeeded: { tone: 'good', word: 'Done', means: 'Every step is done, or was not needed.' },
  failed: { tone: 'bad', word: 'Refused', means: 'It could not be done, and nothing was changed.' },
  'needs-attention': {
    tone: 'bad',
    word: 'Needs attention',
    means: 'Something was or may have been changed, or could not be done. A person has to look.'
  },
  cancelled: { tone: 'none', word: 'Cancelled', means: 'Somebody stopped it.' }
}

export const stepWords: Record<string, string> = {
  'check-user': 'Look the user up',
  'replace-password': 'Replace the password by one that nobody knows',
  'revoke-tokens': 'End sessions and app passwords',
  'send-reset-mail': 'Have the reset mail sent',
  'disable-user': 'Disable the account',
  'enable-user': 'Enable the account',
  'enable-briefly': 'Enable the account for a moment, to log in and revoke',
  'leave-groups': 'Take the user out of groups',
  'restore-groups': 'Put the user back into groups',
  'delete-account': 'Delete the account',
  'delete-shares': 'Delete public links and shares with other servers',
  'wipe-devices': 'Tell devices to erase their data',
  'remove-second-factors': 'Remove second factors',
  'notify-manager': 'Tell the manager by mail',
  'put-off-deletion': 'Schedule the deletion of the account',
  'report-residual-access': 'Look for access that is left'
}

export const stepStates: Record<string, { tone: Tone; word: string }> = {
  pending: { tone: 'none', word: 'To do' },
  started: { tone: 'busy', word: 'At work' },
  done: { tone: 'good', word: 'Done' },
  skipped: { tone: 'none', word: 'Not done' },
  waiting: { tone: 'busy', word: 'Waiting' },
  failed: { tone: 'bad', word: 'Failed' },
  unknown: { tone: 'warn', word: 'Not known' }
}

export const approvalWords: Record<ApprovalState, { tone: Tone; word: string }> = {
  pending: { tone: 'warn', word: 'To be decided' },
  approved: { tone: 'good', word: 'Approved' },
  rejected: { tone: 'none', word: 'Rejected' },
  expired: { tone: 'none', word: 'Expired' }
}

export const campaignWords: Record<CampaignState, { tone: Tone; word: string }> = {
  draft: { tone: 'none', word: 'Draft' },
  scheduled: { tone: 'busy', word: 'Scheduled' },
  planning: { tone: 'busy', word: 'Reading users' },
  open: { tone: 'busy', word: 'Open for answers' },
  closing: { tone: 'busy', word: 'Closing' },
  acting: { tone: 'busy', word: 'Acting on answers' },
  paused: { tone: 'warn', word: 'Paused' },
  aborted: { tone: 'bad', word: 'Aborted' },
  ended: { tone: 'good', word: 'Ended' },
  cancelled: { tone: 'none', word: 'Cancelled' }
}

export const participantWords: Record<ParticipantState, { tone: Tone; word: string }> = {
  out: { tone: 'none', word: 'Not asked' },
  waiting: { tone: 'none', word: 'Mail to come' },
  asked: { tone: 'busy', word: 'Asked' },
  confirmed: { tone: 'good', word: 'Confirmed' },
  vouched: { tone: 'good', word: 'Vouched for' },
  excluded: { tone: 'none', word: 'Taken out' },
  left: { tone: 'warn', word: 'Has left' },
  bounced: { tone: 'bad', word: 'Mail came back' },
  undelivered: { tone: 'bad', word: 'Mail not delivered' },
  silent: { tone: 'warn', word: 'Silent' },
  acting: { tone: 'busy', word: 'Being acted on' },
  acted: { tone: 'none', word: 'Acted on' },
  spared: { tone: 'none', word: 'Let be' },
  failed: { tone: 'bad', word: 'Failed' }
}

export const brakeWords: Record<string, string> = {
  'lock-out': 'Locked out in 24 hours',
  wipe: 'Told to wipe in 24 hours',
  deletion: 'Deleted in 24 hours',
  'minimum-response': 'Too few have answered',
  'mail-bounced': 'Mail came back',
  'mail-undelivered': 'Mail that may not have arrived'
}
