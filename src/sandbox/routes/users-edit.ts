import { NOT_FOUND, OcsFailure } from '../http/ocs.ts'
import { ocs, text, type UserCall } from '../http/route.ts'
import { mayManage } from '../model/groups.ts'
import { mailAddressChanged } from '../model/notices.ts'
import { MAX_PASSWORD_BYTES, PasswordHint, setPassword } from '../model/passwords.ts'
import { mailAddress, type User } from '../model/users.ts'
import { changing, instanceUrl } from './may.ts'

const looksLikeAddress = (value: string): boolean =>
  /^[^\s@]+@[^\s@]+\.[^\s@]+$|^[^\s@]+@localhost$/.test(value)

const languages = new Set([
  'en',
  'en_GB',
  'de',
  'de_DE',
  'fr',
  'es',
  'it',
  'nl',
  'pl',
  'pt_BR',
  'ru',
  'uk',
  'ja',
  'zh_CN'
])

/** The fields that can be set, each with what setting it does. */
const fields: Record<string, (call: UserCall, user: User, value: string) => void> = {
  password(call, user, value) {
    if (user.backend !== 'Database') {
      throw new OcsFailure(112, 'Setting the password is not supported by the users backend')
    }
    if (Buffer.byteLength(value) > MAX_PASSWORD_BYTES) throw new OcsFailure(101, 'Invalid password value')
    try {
      setPassword(call.nextcloud, {
        user,
        password: value,
        actor: call.actor,
        instanceUrl: instanceUrl(call)
      })
    } catch (error) {
      if (error instanceof PasswordHint) throw new OcsFailure(107, error.message)
      throw error
    }
  },
  email(call, user, value) {
    const address = value.trim().toLowerCase()
    if (address !== '' && !looksLikeAddress(address)) throw new OcsFailure(101)
    const before = mailAddress(user)
    user.email = address === '' ? null : address
    mailAddressChanged(call.nextcloud, user, before, instanceUrl(call))
  },
  notify_email(_call, user, value) {
    const address = value.trim().toLowerCase()
    // Only an address that the account has already.
    if (address !== '' && address !== user.email && !user.additionalMail.includes(address))
      throw new OcsFailure(101)
    user.notifyEmail = address === '' ? null : address
  },
  additional_mail(_call, user, value) {
    const address = value.trim().toLowerCase()
    if (!looksLikeAddress(address) || address === user.email || user.additionalMail.includes(address))
      throw new OcsFailure(101)
    user.additionalMail.push(address)
  },
  displayname: setDisplayName,
  display: setDisplayName,
  language(_call, user, value) {
    if (!languages.has(value)) throw new OcsFailure(101, 'Invalid language')
    user.language = value
  },
  locale: (_call, user, value) => void (user.locale = value),
  timezone: (_call, user, value) => void (user.timezone = value),
  quota: (_call, user, value) => void (user.quota = value),
  manager: (_call, user, value) => void (user.manager = value)
}

function setDisplayName(_call: UserCall, user: User, value: string): void {
  // An empty one is ignored without a word.
  user.displayName = value.trim() || user.displayName
}

function edit(call: UserCall): [] {
  const { nextcloud, actor } = call
  const user = nextcloud.users.find(text(call, 'userId'))
  if (!user || (user !== actor && !mayManage(actor, user))) throw new OcsFailure(NOT_FOUND)
  const key = text(call, 'key')
  const value = text(call, 'value')
  const field = Object.hasOwn(fields, key) ? fields[key] : undefined
  if (field) field(call, user, value)
  else if (nextcloud.quirks.profile.includes(key)) user.profile[key] = value
  else throw new OcsFailure(113)
  call.affects(user.id, `set ${key}`)
  return []
}

export const usersEditRoutes = [
  ocs({
    method: 'PUT',
    path: '/cloud/users/{userId}',
    access: 'user',
    confirmation: changing,
    userLimit: { limit: 50, period: 600 }, // fact 5
    needs: ['key', 'value'],
    run: edit
  })
]
