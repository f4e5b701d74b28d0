import { NOT_FOUND, OcsFailure } from '../http/ocs.ts'
import { ocs, text, type UserCall } from '../http/route.ts'
import { isAdmin } from '../model/groups.ts'
import { mailWelcome } from '../model/notices.ts'
import { weakness } from '../model/password-policy.ts'
import { MAX_PASSWORD_BYTES } from '../model/passwords.ts'
import { devicePassword } from '../model/random.ts'
import { markForWipe } from '../model/remote-wipe.ts'
import { mailAddress, type User } from '../model/users.ts'
import { changing, instanceUrl, managed, subadminOnly } from './may.ts'

function checkNewId(id: string): void {
  if (/[^a-zA-Z0-9 _.@\-']/.test(id)) {
    throw new OcsFailure(
      101,
      'Only the following characters are allowed in an Login: "a-z", "A-Z", "0-9", spaces and "_.@-\'"'
    )
  }
  if (id.trim() === '') throw new OcsFailure(101, 'A valid Login must be provided')
  if (id !== id.trim()) throw new OcsFailure(101, 'Login contains whitespace at the beginning or at the end')
  if (/^\.+$/.test(id)) throw new OcsFailure(101, 'Login must not consist of dots only')
  if (id.length > 64) throw new OcsFailure(101, 'Login is too long')
}

function create(call: UserCall): { id: string } {
  const { nextcloud, actor } = call
  subadminOnly(call)
  const id = text(call, 'userid')
  const email = text(call, 'email').trim().toLowerCase()
  const groups = Array.isArray(call.parameters.groups) ? call.parameters.groups.map(String) : []
  let password = text(call, 'password')
  if (nextcloud.users.find(id)) throw new OcsFailure(102, 'User already exists')
  for (const group of groups) {
    if (!nextcloud.groups.has(group)) throw new OcsFailure(104, `Group ${group} does not exist`)
    if (!isAdmin(actor) && !actor.subadminOf.includes(group))
      throw new OcsFailure(105, `Insufficient privileges for group ${group}`)
  }
  if (groups.length === 0 && !isAdmin(actor))
    throw new OcsFailure(106, 'No group specified (required for sub-admins)')
  if (Buffer.byteLength(password) > MAX_PASSWORD_BYTES) throw new OcsFailure(101, 'Invalid password value')
  if (password === '') {
    if (email === '')
      throw new OcsFailure(108, 'An email address is required, to send a password link to the user.')
    password = devicePassword()
  }
  checkNewId(id)
  const complaint = weakness(password, nextcloud.settings.passwordPolicy)
  if (complaint) throw new OcsFailure(107, complaint)
  const user = nextcloud.users.add({
    id,
    password,
    groups,
    email: email || null,
    displayName: text(call, 'displayName') || id,
    language: text(call, 'language') || 'en'
  })
  nextcloud.histories.notePassword(user, 'admin', actor)
  nextcloud.histories.noteEnabled(user, 'created', actor)
  if (email !== '') mailWelcome(nextcloud, user, instanceUrl(call))
  call.affects(user.id, 'create')
  return { id }
}

function remove(call: UserCall): [] {
  subadminOnly(call)
  const user = managed(call)
  if (user === call.actor) throw new OcsFailure(101)
  const { tokens, passkeys, shares, users } = call.nextcloud
  for (const token of tokens.of(user.id)) tokens.remove(token)
  for (const { id } of passkeys.of(user.id)) passkeys.remove(id)
  shares.removeUser(user.id)
  users.remove(user)
  call.affects(user.id, 'delete')
  return []
}

function enable(call: UserCall, enabled: boolean): [] {
  subadminOnly(call)
  const user = call.nextcloud.users.find(text(call, 'userId'))
  // Unknown and oneself: 101, unlike everywhere else.
  if (!user || user === call.actor) throw new OcsFailure(101)
  managed(call).enabled = enabled
  call.nextcloud.histories.noteEnabled(user, 'admin', call.actor)
  call.affects(user.id, enabled ? 'enable' : 'disable')
  return []
}

function wipe(call: UserCall): [] {
  subadminOnly(call)
  const user: User | undefined = call.nextcloud.users.find(text(call, 'userId'))
  if (!user) throw new OcsFailure(NOT_FOUND)
  if (user === call.actor) throw new OcsFailure(101)
  markForWipe(call.nextcloud, managed(call))
  call.affects(user.id, 'wipe')
  return []
}

function welcome(call: UserCall): [] {
  subadminOnly(call)
  const user = managed(call)
  if (mailAddress(user) === '') throw new OcsFailure(101, 'Email address not available')
  mailWelcome(call.nextcloud, user, instanceUrl(call))
  return []
}

const change = { access: 'user', confirmation: changing } as const

export const usersWriteRoutes = [
  ocs({ ...change, method: 'POST', path: '/cloud/users', needs: ['userid'], run: create }),
  ocs({ ...change, method: 'DELETE', path: '/cloud/users/{userId}', run: remove }),
  ocs({
    ...change,
    method: 'PUT',
    path: '/cloud/users/{userId}/disable',
    run: (call) => enable(call, false)
  }),
  ocs({ ...change, method: 'PUT', path: '/cloud/users/{userId}/enable', run: (call) => enable(call, true) }),
  ocs({ ...change, method: 'POST', path: '/cloud/users/{userId}/wipe', run: wipe }),
  ocs({ ...change, method: 'POST', path: '/cloud/users/{userId}/welcome', run: welcome })
]
