import type { Nextcloud } from '../model/nextcloud.ts'
import type { User } from '../model/users.ts'

/** A user as the control API takes one. */
export interface UserSpec {
  id: string
  password?: string | null
  displayName?: string
  email?: string | null
  notifyEmail?: string | null
  groups?: string[]
  subadminOf?: string[]
  /** Anything but `Database` (the default) has its passwords elsewhere. */
  backend?: string
  enabled?: boolean
  /** Providers that are set up, such as `totp`. */
  twoFactor?: string[]
  language?: string
  /** Seconds since 1970; 0: never. */
  lastLogin?: number
}

/** `by`: for the history of the account's passwords. */
export function applyUserSpec(
  { users, groups, histories }: Nextcloud,
  user: User,
  spec: Omit<UserSpec, 'id'>,
  by: 'created' | 'updateUser'
): User {
  const { twoFactor, ...fields } = spec
  const given = Object.fromEntries(
    Object.entries(fields).filter(([name, value]) => name !== 'id' && value !== undefined)
  )
  users.change(user, given)
  if (twoFactor) user.twoFactor = new Map(twoFactor.map((provider) => [provider, true]))
  histories.noteEnabled(user, by)
  if (typeof spec.password === 'string') histories.notePassword(user, by)
  for (const group of [...user.groups, ...user.subadminOf]) groups.add(group)
  return user
}
