/** What the data means, in the words of an auditor's day. */
import type { Outcome } from '../../operations/operation.ts'
import type { Audience, Consequence, Definition } from '../campaign.ts'

const units: Record<string, string> = { Y: 'year', M: 'month', W: 'week', D: 'day' }
const clock: Record<string, string> = { H: 'hour', M: 'minute', S: 'second' }

/** @param iso ISO 8601, such as `P7D` → `7 days` */
export function durationWords(iso: string): string {
  const [date = '', time = ''] = iso.replace(/^P/, '').split('T')
  const parts = (text: string, names: Record<string, string>) =>
    [...text.matchAll(/([\d.,]+)([A-Z])/g)].map(
      ([, n, unit]) => `${n} ${names[unit!] ?? unit}${n === '1' ? '' : 's'}`
    )
  return [...parts(date, units), ...parts(time, clock)].join(' ') || iso
}

export const list = (words: string[], last = 'and') =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`

const most = 20
const some = (words: string[]) =>
  words.length <= most
    ? list(words, 'or')
    : `${words.slice(0, most).join(', ')} or ${words.length - most} more`

/** Who was to be asked, as conditions that all hold. */
export function audienceWords(audience: Audience): string[] {
  const { groups, domains, users, backends, lastLoginBefore, lastLoginAfter, neverLoggedIn, exclude } =
    audience
  const words = [
    groups && `members of ${some(groups)}`,
    domains && `mail address at ${some(domains)}`,
    users && `one of ${users.length} users by name: ${some(users)}`,
    backends && `from the backend ${some(backends)}`,
    lastLoginBefore && `last log-in before ${lastLoginBefore}`,
    lastLoginAfter && `last log-in after ${lastLoginAfter}`,
    neverLoggedIn !== undefined && (neverLoggedIn ? 'never logged in' : 'logged in at least once'),
    exclude?.groups && `not a member of ${some(exclude.groups)}`,
    exclude?.domains && `no mail address at ${some(exclude.domains)}`,
    exclude?.users && `none of ${exclude.users.length} users by name: ${some(exclude.users)}`
  ].filter((word) => typeof word === 'string')
  return words.length > 0 ? words : ['all users of this Nextcloud']
}

export function scheduleWords({ schedule }: Definition): string {
  if (!schedule) return 'started by a person'
  if ('at' in schedule) return `once, at ${schedule.at}`
  if ('cron' in schedule) return `by the cron expression “${schedule.cron}” (${schedule.timeZone})`
  return `every ${durationWords(schedule.every)} from ${schedule.startsAt} (${schedule.timeZone})`
}

export const consequenceWords: Record<Consequence | 'hold', string> = {
  disable: 'the account is disabled',
  reset: 'the password is replaced, sessions and app passwords are revoked, and a reset mail is sent',
  revoke: 'sessions and app passwords are revoked',
  offboard: 'the user is off-boarded: disabled, with everything revoked',
  'report-only': 'nothing is done, it is reported',
  hold: 'the same as on silence, once a second person has approved it'
}

/** What an operation changed, as far as it is known. */
export function doneOf(outcome: Outcome): string[] {
  const { passwordReplaced, revoked, secondFactorsRemoved, passkeys, shares, groupsRemoved, mail } = outcome
  return [
    outcome.deleted && 'account deleted',
    outcome.enabled === false && 'account disabled',
    passwordReplaced === true && 'password replaced',
    passwordReplaced === 'unknown' && 'whether the password was replaced is unknown',
    revoked === 'unknown' && 'how many sessions and app passwords were revoked is unknown',
    typeof revoked === 'object' &&
      `revoked: ${counted(revoked.sessions, 'session')}, ${counted(revoked.appPasswords, 'app password')}`,
    secondFactorsRemoved?.length && `second factors removed: ${secondFactorsRemoved.join(', ')}`,
    passkeys?.deleted && `${counted(passkeys.deleted, 'passkey')} deleted`,
    shares?.deleted && `${counted(shares.deleted, 'share')} deleted`,
    groupsRemoved?.length && `left ${counted(groupsRemoved.length, 'group')}`,
    outcome.wipe === 'asked' && 'devices told to erase their data',
    mail && mail.delivery !== 'not-requested' && `reset mail: ${mail.delivery}`,
    outcome.deletion && `deletion put off to ${outcome.deletion.at}`
  ].filter((word) => typeof word === 'string')
}

/** What was read back from Nextcloud after it was changed; what could not be is said to be unknown. */
export function verifiedOf(outcome: Outcome): string[] {
  const { enabled, remaining, passkeys, shares } = outcome
  return [
    enabled === false && 'read back from Nextcloud: disabled',
    enabled === true && 'read back from Nextcloud: enabled',
    remaining === 'unknown' && 'what remains could not be read back: unknown',
    typeof remaining === 'number' && `read back from Nextcloud: remaining ${remaining}`,
    passkeys && `passkeys remaining: ${passkeys.remaining}`,
    shares && `public links remaining: ${shares.publicLinks}, federated shares: ${shares.federatedShares}`
  ].filter((word) => typeof word === 'string')
}

export const counted = (n: number, thing: string) => `${n} ${thing}${n === 1 ? '' : 's'}`
