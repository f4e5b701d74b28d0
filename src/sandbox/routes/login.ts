import { absolute } from '../http/exchange.ts'
import { isTrusted } from '../http/gate.ts'
import { passesCsrf } from '../http/guard.ts'
import { escapeHtml } from '../http/html.ts'
import { guestPage } from '../http/page.ts'
import { type Reply, redirect } from '../http/reply.ts'
import { type Call, text, web } from '../http/route.ts'
import { withQuery } from '../http/urls.ts'
import { logInByForm, logOut } from '../model/form-login.ts'

const home = '/apps/dashboard/'

function showLogin(call: Call): Reply {
  const { nextcloud, exchange, session } = call
  if (call.actor) return redirect(absolute(exchange, home))
  const { passwordResetEnabled, lostPasswordLink } = nextcloud.settings
  const link = passwordResetEnabled ? lostPasswordLink : 'disabled'
  const user = text(call, 'user')
  const errors = session.loginErrors
  session.loginErrors = []
  return guestPage(call, {
    title: 'Login – Nextcloud',
    states: {
      ...(errors.length > 0 && { 'core-loginMessages': [], 'core-loginErrors': errors }),
      'core-loginUsername': user,
      'core-loginAutocomplete': true,
      'core-loginThrottleDelay': nextcloud.throttler.delayMs(exchange.address, null),
      'core-loginResetPasswordLink': link,
      'core-loginCanResetPassword': canReset(call, link, user),
      'core-loginTimeout': 300
    },
    body: form(call, user, errors)
  })
}

function canReset({ nextcloud }: Call, link: string, userId: string): boolean {
  if (link === 'disabled') return false
  const user = userId === '' ? undefined : nextcloud.users.find(userId)
  if (link === '' && user) return user.backend === 'Database'
  return user?.enabled !== false
}

const messages: Record<string, string> = {
  invalidpassword: 'Wrong login or password.',
  userdisabled: 'This account is disabled.',
  csrfCheckFailed: 'An internal error occurred. Please try again.',
  invalidOrigin: 'An internal error occurred. Please try again.'
}

function form({ session }: Call, user: string, errors: string[]): string {
  const said = errors.map((error) => messages[error] ?? error).join(' ')
  return `<form method="post" action="/login">
	<h2>Log in</h2>
	<p role="status">${escapeHtml(said)}</p>
	<input type="hidden" name="requesttoken" value="${escapeHtml(session.requestToken)}">
	<label for="user">Account name or email</label>
	<input id="user" name="user" autocomplete="username" required value="${escapeHtml(user)}">
	<label for="password">Password</label>
	<input id="password" name="password" type="password" autocomplete="current-password" required>
	<button>Log in</button>
</form>`
}

function tryLogin(call: Call): Reply {
  const { nextcloud, exchange, session } = call
  const origin = exchange.headers.origin ?? ''
  const loginName = text(call, 'user')
  if (!originTrusted(call, origin)) {
    // Not counted: somebody else's page could lock a person out that way.
    logOut(nextcloud, session)
    return failed(call, loginName, 'invalidOrigin', false)
  }
  if (!passesCsrf(call)) {
    if (call.actor) return redirect(absolute(exchange, home))
    logOut(nextcloud, session)
    return failed(call, loginName, 'csrfCheckFailed')
  }
  const outcome = logInByForm(nextcloud, session, {
    loginName: loginName.trim(),
    password: text(call, 'password'),
    userAgent: exchange.headers['user-agent'] ?? 'unknown browser',
    address: exchange.address
  })
  if ('failed' in outcome) return failed(call, loginName, outcome.failed)
  call.actor = outcome.user
  call.affects(outcome.user.id, 'form login')
  return redirect(outcome.challenge ?? absolute(exchange, home))
}

function originTrusted(call: Call, origin: string): boolean {
  return URL.canParse(origin) && isTrusted(call, new URL(origin).host)
}

function failed(call: Call, loginName: string, why: string, counts = true): Reply {
  call.session.loginErrors = [why]
  if (counts) call.throttle(loginName.slice(0, 64))
  return redirect(withQuery('/login', { direct: '1', user: loginName }))
}

export const loginRoutes = [
  web({
    method: 'GET',
    path: '/login',
    access: 'anyone',
    skipsCsrf: true,
    worksWithoutSecondFactor: true,
    run: showLogin
  }),
  web({
    method: 'POST',
    path: '/login',
    access: 'anyone',
    skipsCsrf: true,
    worksWithoutSecondFactor: true,
    bruteForce: 'login',
    run: tryLogin
  }),
  web({
    method: 'GET',
    path: '/logout',
    access: 'user',
    worksWithoutSecondFactor: true,
    run(call) {
      logOut(call.nextcloud, call.session)
      return redirect(absolute(call.exchange, '/login?clear=1'))
    }
  })
]
