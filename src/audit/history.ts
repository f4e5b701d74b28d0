/** What an event says, as a sentence for somebody who does not know how Locksmith works. */
import Type, { type Static } from 'typebox'
import { AuditView } from './audit.schema.ts'
import type { AuditRow } from './audit.sql.ts'
import type { AuditEvent } from './event.ts'

const { seq, at, action, outcome, actor, operationId, campaignId } = AuditView.properties

export const HistoryView = Type.Object(
  {
    seq,
    at,
    text: Type.String({ description: 'What happened, in a sentence' }),
    action,
    outcome,
    actor,
    operationId,
    campaignId
  },
  { $id: 'HistoryEvent', description: 'An event of a person’s story' }
)
export type HistoryView = Static<typeof HistoryView>

export const sentenceOf = (row: AuditRow): string => sentences[row.action](row.details as Details, row)

// biome-ignore lint/suspicious/noExplicitAny: each action has members of its own, and older events may lack some
type Details = any
type Sentence = (details: Details, row: AuditRow) => string

const by = ({ actor }: AuditRow) => {
  const [, kind, name = ''] = /^(\w+):(.*)$/s.exec(actor) ?? []
  if (kind === 'key') return `the API key ${name}`
  if (kind === 'oidc') return name.replace(/^.*#/, '')
  if (kind === 'issuer') return `the issuer ${name}`
  if (kind === 'campaign') return 'a campaign'
  if (kind === 'contact') return `the contact ${name}`
  if (kind === 'user') return name
  return actor === 'host' ? 'somebody at the command line' : 'Locksmith'
}

const why = ({ reason }: Details) => (reason ? ` (“${reason}”)` : '')
const because = ({ problem }: Details) =>
  problem?.detail ? `: ${problem.detail}` : problem?.title ? `: ${problem.title}` : '.'

/** What was asked for, by the kind of operation. */
const wishes: Record<string, string> = {
  reset: 'a reset: a new password that nobody knows, and no access by the old one',
  'reset-mail': 'a mail to reset the password',
  revoke: 'an end of sessions and app passwords',
  disable: 'that the account be disabled',
  enable: 'that the account be enabled',
  wipe: 'that devices erase their data',
  offboard: 'an off-boarding',
  reinstate: 'a return',
  delete: 'that the account be deleted'
}

/** Before a step and after it. */
const steps: Record<string, [doing: string, done: string]> = {
  'check-user': ['looking the user up', 'The user was looked up'],
  'replace-password': ['replacing the password', 'The password was replaced by one that nobody knows'],
  'revoke-tokens': ['ending sessions and app passwords', 'Sessions and app passwords were ended'],
  'send-reset-mail': ['having the reset mail sent', 'The reset mail was asked for'],
  'disable-user': ['disabling the account', 'The account was disabled'],
  'enable-user': ['enabling the account', 'The account was enabled'],
  'enable-briefly': [
    'enabling the account for a moment, to log in and revoke',
    'The account was enabled for a moment'
  ],
  'leave-groups': ['taking the user out of groups', 'The user was taken out of groups'],
  'restore-groups': ['putting the user back into groups', 'The user was put back into groups'],
  'delete-account': ['deleting the account', 'The account was deleted'],
  'delete-shares': ['deleting shares', 'Shares were deleted'],
  'wipe-devices': ['telling devices to erase their data', 'Devices were told to erase their data'],
  'remove-second-factors': ['removing second factors', 'Second factors were removed'],
  'notify-manager': ['telling the manager', 'The manager was told'],
  'put-off-deletion': ['putting the deletion off', 'The deletion was put off'],
  'report-residual-access': ['looking for access that is left', 'It was looked for access that is left']
}
const doing = ({ step }: Details) => steps[step]?.[0] ?? `the step ${step}`
const done = ({ step }: Details) => steps[step]?.[1] ?? `The step ${step} was done`

/** What came of a step, where that is a number or a fact that people ask for. */
function found({ outcome = {} }: Details): string {
  const { revoked, remaining, mail, user } = outcome
  const facts = [
    typeof revoked === 'object' && `${revoked.sessions} sessions and ${revoked.appPasswords} app passwords`,
    revoked === 'unknown' && 'how many is not known',
    typeof remaining === 'number' && `${remaining} are left`,
    mail?.delivery && `${mail.delivery}${mail.to ? `, to ${mail.to}` : ''}`,
    user?.enabled === false && 'disabled already'
  ].filter(Boolean)
  return facts.length > 0 ? ` (${facts.join('; ')})` : ''
}

const kept: Record<string, string> = {
  confirmed: 'the access is still needed',
  vouched: 'the access is still needed',
  excluded: 'nothing is to be done this time',
  left: 'the access is needed no longer'
}

const sentences: Record<AuditEvent['action'], Sentence> = {
  'operation.requested': (details, row) =>
    `${capital(by(row))} asked for ${wishes[details.kind] ?? details.kind}${why(details)}${details.scheduledAt ? `, at ${details.scheduledAt}` : ''}.`,
  'operation.superseded': () => 'It gave way to a newer request.',
  'operation.held': () => 'It waits for a second person: so many at once need one.',
  'operation.approved': (_, row) => `${capital(by(row))} approved it.`,
  'operation.retried': (_, row) => `${capital(by(row))} had it tried again.`,
  'operation.cancelled': (_, row) => `${capital(by(row))} cancelled it.`,
  'operation.stop-requested': (_, row) => `${capital(by(row))} asked that it stop.`,
  'operation.taken-over': () => 'Another process of Locksmith went on with it.',
  'operation.user-let-in': (details) =>
    `It ended while the account was enabled for a moment${because(details)}`,
  'operation.succeeded': (details) => `It was done, and ended well${found(details)}.`,
  'operation.failed': (details) => `It was refused, and nothing was changed${because(details)}`,
  'operation.needs-attention': (details) => `It needs a person${because(details)}`,
  'step.intended': (details) =>
    `About to begin: ${doing(details)}${details.attempt > 1 ? ` (attempt ${details.attempt})` : ''}.`,
  'step.done': (details) => `${done(details)}${found(details)}.`,
  'step.skipped': (details) => `Not needed: ${doing(details)}${because(details)}`,
  'step.waiting': (details) => `It waits, ${doing(details)} is tried again${because(details)}`,
  'step.failed': (details) => `It failed: ${doing(details)}${because(details)}`,
  'step.unknown': (details) => `Nobody can tell how it went: ${doing(details)}${because(details)}`,
  'step.undo-intended': (details) => `About to undo: ${doing(details)}.`,
  'step.undone': (details) => `It was undone: ${doing(details)}.`,
  'approval.approved': (details, row) =>
    `${capital(by(row))} approved ${details.kind} for ${details.targets} users${why(details)}.`,
  'approval.rejected': (details, row) =>
    `${capital(by(row))} rejected ${details.kind} for ${details.targets} users${why(details)}.`,
  'approval.expired': (details) => `Nobody decided in time on ${details.kind} for ${details.targets} users.`,
  'key.created': (details, row) => `${capital(by(row))} made the API key ${details.keyId} (${details.name}).`,
  'key.revoked': (details, row) =>
    `${capital(by(row))} ended the API key ${details.keyId} (${details.name}).`,
  'key.rotated': (details, row) =>
    `${capital(by(row))} replaced the API key ${details.keyId} by ${details.to}.`,
  'key.address-refused': (_, row) => `${capital(by(row))} was used from where it may not be.`,
  'console.signed-in': (_, row) => `${capital(by(row))} signed in to the console.`,
  'console.signed-out': (_, row) => `${capital(by(row))} signed out of the console.`,
  'service.stopped': (details, row) => `${capital(by(row))} stopped everything${why(details)}.`,
  'service.resumed': (_, row) => `${capital(by(row))} let everything go on.`,
  'campaign.created': (details, row) => `${capital(by(row))} made the campaign “${details.name}”.`,
  'campaign.started': (details) => `Round ${details.round} of the campaign began.`,
  'campaign.opened': (details) => `Round ${details.round} opened: ${details.asked} people are asked.`,
  'campaign.aborted': (details) => `Round ${details.round} did not begin${because(details)}`,
  'campaign.paused': (_, row) => `${capital(by(row))} paused the campaign.`,
  'campaign.resumed': (_, row) => `${capital(by(row))} let the campaign go on.`,
  'campaign.extended': (details, row) => `${capital(by(row))} gave everybody more time (${details.by}).`,
  'campaign.time-given-back': (details) =>
    `Everybody got back ${details.seconds} seconds in which nobody could answer.`,
  'campaign.closed': (details) => `Round ${details.round} closed.`,
  'campaign.round-ended': (details) => `Round ${details.round} ended.`,
  'campaign.cancelled': (_, row) => `${capital(by(row))} cancelled the campaign.`,
  'participant.mailed': (details) =>
    `${details.number === 0 ? 'The invitation' : `Reminder ${details.number}`} of a campaign was handed to the mail server: ${details.state}.`,
  'participant.bounced': (details) => `A mail of a campaign came back (${details.bounce}): ${details.said}`,
  'participant.answered': (details, row) =>
    `${capital(by(row))} answered a campaign: ${kept[details.answer] ?? details.answer}${why(details)}.`,
  'participant.spared': (details) =>
    `Nothing was done after the campaign (${details.because})${because(details)}`,
  'nextcloud.credentials-refused': (details) =>
    `Nextcloud refused the account ${details.adminUser} of Locksmith.`,
  'signal.ignored': (details, row) =>
    `${capital(by(row))} told of ${details.event}, and nothing was done for it (${details.because}).`,
  'webhook.created': (details, row) => `${capital(by(row))} had ${details.origin} told of what happens.`,
  'webhook.changed': (details, row) => `${capital(by(row))} changed what ${details.origin} is told.`,
  'webhook.rotated': (_, row) => `${capital(by(row))} had a webhook signed by another secret.`,
  'webhook.deleted': (details, row) => `${capital(by(row))} ended what ${details.origin} is told.`,
  'webhook.disabled': (details) => `Nothing more is told to ${details.origin} (${details.because}).`,
  'webhook.replayed': (_, row) => `${capital(by(row))} had something told once more.`,
  'stream.created': (details, row) =>
    `${capital(by(row))} had ${details.origin} told what is done to accounts.`,
  'stream.changed': (details, row) =>
    details.status
      ? `${capital(by(row))} set what ${details.origin} is told of accounts to ${details.status}.`
      : `${capital(by(row))} changed what ${details.origin} is told of accounts.`,
  'stream.deleted': (details, row) => `${capital(by(row))} ended what ${details.origin} is told of accounts.`,
  'stream.disabled': (details) =>
    `Nothing more of accounts is told to ${details.origin} (${details.because}).`,
  'audit.adopted': (details) => `Taken into the tree: ${details.events} events from before there was one.`,
  'audit.key-changed': () => 'The log is signed by another key from here on.',
  'audit.pseudonymised': (details, row) =>
    `${capital(by(row))} had a person replaced by ${details.pseudonym} in ${details.events} events.`,
  'audit.pruned': (details, row) =>
    `${capital(by(row))} had ${details.events} events from before ${details.before} deleted.`,
  'audit.went-on-after-loss': (_, row) => `${capital(by(row))} had the log go on after a loss.`
}

const capital = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1)
