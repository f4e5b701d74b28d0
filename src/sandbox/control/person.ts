import { createSession, type Visitor } from './visitor.ts'

export interface ResetResult {
  /** False: `message` says why, as Nextcloud words it. */
  ok: boolean
  message: string
}

/** A person in a browser who follows a reset link and sets a new password. */
export function completeReset(visitor: Visitor, link: string, password: string): ResetResult {
  const browser = createSession(visitor)
  const path = new URL(link).pathname
  const page = browser.get(path)
  const target = /id="initial-state-core-resetPasswordTarget" value="([^"]+)"/.exec(page.body)?.[1]
  if (!target) {
    return { ok: false, message: /<p>([^<]*)<\/p>/.exec(page.body)?.[1] ?? `HTTP ${page.status}` }
  }
  const { pathname } = new URL(JSON.parse(Buffer.from(target, 'base64').toString('utf8')))
  const answer = browser.send(
    'POST',
    pathname,
    { password, proceed: true },
    { requesttoken: browser.requestToken(page.body) }
  )
  if (answer.status !== 200) return { ok: false, message: `HTTP ${answer.status}` }
  const { status, msg = '' } = JSON.parse(answer.body) as { status: string; msg?: string }
  return { ok: status === 'success', message: msg }
}

export interface LoginResult {
  ok: boolean
  /** Where the log-in leads: the default app, `/login?…` (refused) or `/login/challenge/…`. */
  location: string
  /** What to send as `Cookie` from now on. */
  cookie: string
}

/** A person who logs in with the form, in a browser of its own. */
export function logIn(visitor: Visitor, user: string, password: string, userAgent?: string): LoginResult {
  const browser = createSession(visitor, userAgent)
  const page = browser.get('/login')
  const requesttoken = browser.requestToken(page.body)
  const answer = browser.send('POST', '/login', { user, password, requesttoken }, { origin: browser.origin })
  const location = String(answer.headers.location ?? '')
  const { pathname } = new URL(location || '/', browser.origin)
  return { ok: pathname !== '/login' && answer.status === 303, location, cookie: browser.cookie() }
}
