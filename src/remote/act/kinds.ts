import type { Option } from 'commander'
import type { Operation } from '../client.ts'
import { choice, option, several, time } from '../leaf.ts'

/** What can be done to users, one or many. */
export type Kind = {
  name: Operation['kind']
  does: string
  /** As it is asked: "Off-board alice?" */
  verb: string
  /** It takes access away: nobody is locked out unasked. */
  locksOut: boolean
  method: 'POST' | 'DELETE'
  path: string
  options: Option[]
}

export type Wish = Record<string, unknown>

const reason = () => option('--reason <text>', 'why; it is in the audit')
const mail = () => choice('--mail <way>', 'who sends the reset mail', ['nextcloud', 'smtp', 'none'])
const twoFactor = () =>
  choice('--two-factor <what>', 'remove second factors, or keep them', ['keep', 'remove'])
const passkeys = () => choice('--passkeys <what>', 'delete passkeys, or keep them', ['keep', 'delete'])
const dataLoss = () =>
  option('--accept-data-loss', 'also where files are encrypted by the password, and are lost with it')

export const kinds: Kind[] = [
  {
    name: 'reset',
    does: 'a password nobody knows, every session and app password revoked, the reset mail sent',
    verb: 'Reset',
    locksOut: true,
    method: 'POST',
    path: '/users/{userId}/reset',
    options: [
      reason(),
      choice('--revoke <what>', 'which tokens are revoked', ['all', 'sessions', 'none']),
      ...[mail(), twoFactor(), passkeys(), dataLoss()]
    ]
  },
  {
    name: 'reset-mail',
    does: 'only have the "forgot password" mail sent',
    verb: 'Send the reset mail to',
    locksOut: false,
    method: 'POST',
    path: '/users/{userId}/reset-mail',
    options: [reason()]
  },
  {
    name: 'revoke',
    does: 'revoke sessions and app passwords',
    verb: 'Revoke sessions and app passwords of',
    locksOut: true,
    method: 'DELETE',
    path: '/users/{userId}/tokens',
    options: [
      reason(),
      choice('--kind <kind>', 'only these', ['session', 'app-password']),
      time('--last-used-before <time>', 'only those not used since'),
      option('--replace-password', 'the password, too'),
      ...[mail(), twoFactor()],
      dataLoss()
    ]
  },
  {
    name: 'offboard',
    does: 'lock a leaver out for good',
    verb: 'Off-board',
    locksOut: true,
    method: 'POST',
    path: '/users/{userId}/offboard',
    options: [
      reason(),
      option('--wipe', 'devices erase what they have synchronised'),
      choice('--shares <what>', 'delete shares, or keep them', ['keep', 'delete']),
      several('--leave-group <group>', 'a group to take the leaver out of; `all`: every one'),
      option('--manager <address>', 'a mail address that is told what was done'),
      option('--delete-after <duration>', 'the account is deleted then, such as P30D'),
      ...[twoFactor(), passkeys(), dataLoss()]
    ]
  },
  {
    name: 'reinstate',
    does: 'let a leaver come back, with nothing from before',
    verb: 'Reinstate',
    locksOut: false,
    method: 'POST',
    path: '/users/{userId}/reinstate',
    options: [
      reason(),
      option('--restore-groups', 'back into the groups that the off-boarding took away'),
      ...[mail(), twoFactor(), passkeys(), dataLoss()]
    ]
  },
  {
    name: 'disable',
    does: 'nobody gets in for now',
    verb: 'Disable',
    locksOut: true,
    method: 'POST',
    path: '/users/{userId}/disable',
    options: [reason()]
  },
  {
    name: 'enable',
    does: 'let in again, with nothing from before',
    verb: 'Enable',
    locksOut: false,
    method: 'POST',
    path: '/users/{userId}/enable',
    options: [
      reason(),
      choice('--revoke <what>', 'which tokens are revoked', ['all', 'none']),
      ...[mail(), twoFactor(), passkeys(), dataLoss()]
    ]
  },
  {
    name: 'wipe',
    does: 'tell all devices to erase what they have synchronised',
    verb: 'Wipe the devices of',
    locksOut: true,
    method: 'POST',
    path: '/users/{userId}/wipe',
    options: [reason()]
  }
]

/** What of the options is sent: those of the kind itself, by the names of the API. */
export function wishOf({ options }: Kind, said: Record<string, unknown>): Wish {
  const wish: Wish = {}
  for (const each of options) {
    const name = each.attributeName()
    if (said[name] !== undefined) wish[name] = said[name]
  }
  const { leaveGroup, ...rest } = wish as { leaveGroup?: string[] }
  if (leaveGroup === undefined) return wish
  return { ...rest, groups: leaveGroup.includes('all') ? 'all' : [...new Set(leaveGroup)] }
}
