import { absolute } from '../http/exchange.ts'
import { guestPage } from '../http/page.ts'
import { json, type Reply } from '../http/reply.ts'
import { type Call, text, web } from '../http/route.ts'
import { pathPart } from '../http/urls.ts'
import { MAX_PASSWORD_BYTES, PasswordHint, setPassword } from '../model/passwords.ts'
import { judgeLink, type LinkVerdict, requestResetMail } from '../model/reset-links.ts'
import type { User } from '../model/users.ts'
import { resetForm } from './reset-form.ts'

const wrong = (message: string): { status: 'error'; msg: string } => ({ status: 'error', msg: message })
const tokenIs = (verdict: LinkVerdict): string =>
  `Could not reset password because the token is ${verdict === 'expired' ? 'expired' : 'invalid'}`

function askForMail(call: Call): Reply {
  const { settings } = call.nextcloud
  if (!settings.passwordResetEnabled || settings.lostPasswordLink !== '')
    return json(wrong('Password reset is disabled'))
  const input = text(call, 'user').trim()
  if (Buffer.byteLength(input) > 255) return json(wrong('Unsupported email length (>255)'))
  requestResetMail(call.nextcloud, input, (token, user) => {
    call.affects(user.id, 'mail reset link')
    return absolute(call.exchange, `/lostpassword/reset/form/${token}/${pathPart(user.id)}`)
  })
  call.throttle() // every call counts, successes too
  return json({ status: 'success' })
}

function judge(call: Call): { user: User | undefined; verdict: LinkVerdict } {
  const user = call.nextcloud.users.find(text(call, 'userId'))
  return { user, verdict: judgeLink(call.nextcloud, user, text(call, 'token')) }
}

function showForm(call: Call): Reply {
  const { verdict } = judge(call)
  if (verdict !== 'good') {
    const disabled = !call.nextcloud.settings.passwordResetEnabled
    if (!disabled) call.throttle()
    return guestPage(call, {
      title: 'Nextcloud',
      heading: 'Error',
      body: `<p>${disabled ? 'Password reset is disabled' : tokenIs(verdict)}</p>`
    })
  }
  const target = `/lostpassword/set/${text(call, 'token')}/${pathPart(text(call, 'userId'))}`
  return guestPage(call, {
    title: 'Nextcloud',
    states: {
      'core-resetPasswordUser': text(call, 'userId'),
      'core-resetPasswordTarget': absolute(call.exchange, target)
    },
    body: resetForm(text(call, 'userId'))
  })
}

function setNewPassword(call: Call): Reply {
  const { proceed } = call.parameters
  const goesOn = proceed === true || proceed === 'true' || proceed === '1'
  if (call.nextcloud.settings.encryption === 'user-keys' && !goesOn)
    return json({ ...wrong(''), encryption: true })
  const { user, verdict } = judge(call)
  const refuse = (message: string): Reply => {
    call.throttle()
    return json(wrong(message))
  }
  if (verdict !== 'good' || !user) return refuse(tokenIs(verdict))
  const password = text(call, 'password')
  if (Buffer.byteLength(password) > MAX_PASSWORD_BYTES) {
    return refuse('Password is too long. Maximum allowed length is 469 characters.')
  }
  if (user.backend !== 'Database') return refuse('')
  try {
    // Nobody is logged in: no token is touched, and nothing is revoked (fact 1).
    setPassword(call.nextcloud, {
      user,
      password,
      actor: call.actor,
      byLink: true,
      instanceUrl: absolute(call.exchange, '/')
    })
  } catch (error) {
    if (error instanceof PasswordHint) return refuse(error.message)
    throw error
  }
  user.pendingLink = null
  call.affects(user.id, 'use reset link')
  return json({ user: text(call, 'userId'), status: 'success' })
}

const limits = {
  access: 'anyone',
  bruteForce: 'passwordResetEmail',
  anonymousLimit: { limit: 10, period: 300 }
} as const

export const lostPasswordRoutes = [
  web({ ...limits, method: 'POST', path: '/lostpassword/email', needs: ['user'], run: askForMail }),
  web({
    ...limits,
    method: 'GET',
    path: '/lostpassword/reset/form/{token}/{userId}',
    skipsCsrf: true,
    run: showForm
  }),
  web({
    ...limits,
    method: 'POST',
    path: '/lostpassword/set/{token}/{userId}',
    needs: ['password'],
    run: setNewPassword
  })
]
