import type { Test } from 'tap'
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/index.ts'

export interface Ask {
  as?: { user: string; password: string } | { cookie: string }
  form?: Record<string, string>
  json?: unknown
  headers?: Record<string, string | null>
  /** Hangs up after so many milliseconds. */
  patienceMs?: number
}

export interface Answer {
  status: number
  headers: Headers
  text: string
  /** The parsed body; undefined where it is no JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into whatever came
  data: any
}

/** A sandbox for one test, gone after it. */
export async function sandboxFor(t: Test, options: SandboxOptions = {}): Promise<Sandbox> {
  const sandbox = await startSandbox(options)
  t.teardown(() => sandbox.close())
  return sandbox
}

/** One call as Locksmith makes it: OCS-APIRequest, JSON, no redirects followed. */
export async function call(sandbox: Sandbox, method: string, path: string, ask: Ask = {}): Promise<Answer> {
  const headers: Record<string, string> = { 'OCS-APIRequest': 'true', Accept: 'application/json' }
  if (ask.as && 'cookie' in ask.as) headers.Cookie = ask.as.cookie
  else if (ask.as) headers.Authorization = `Basic ${btoa(`${ask.as.user}:${ask.as.password}`)}`
  for (const [name, value] of Object.entries(ask.headers ?? {})) {
    if (value === null) delete headers[name]
    else headers[name] = value
  }
  if (ask.json !== undefined) headers['Content-Type'] = 'application/json'
  const body = ask.form
    ? new URLSearchParams(ask.form)
    : ask.json === undefined
      ? null
      : JSON.stringify(ask.json)
  const signal = ask.patienceMs === undefined ? null : AbortSignal.timeout(ask.patienceMs)
  const response = await fetch(sandbox.url + path, { method, headers, body, redirect: 'manual', signal })
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, data: parse(text) }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** `HTTP status/OCS statuscode`, as the facts write it. */
export function codes({ status, data }: Answer): string {
  return `${status}/${data?.ocs?.meta?.statuscode}`
}

export const ocs = '/ocs/v2.php'
export const admin = (sandbox: Sandbox): { user: string; password: string } => sandbox.admin

export function putUser(
  sandbox: Sandbox,
  id: string,
  key: string,
  value: string,
  as = sandbox.admin
): Promise<Answer> {
  return call(sandbox, 'PUT', `${ocs}/cloud/users/${encodeURIComponent(id)}`, { as, form: { key, value } })
}

export function askForMail(sandbox: Sandbox, user: string, headers: Ask['headers'] = {}): Promise<Answer> {
  return call(sandbox, 'POST', '/index.php/lostpassword/email', { form: { user }, headers })
}

/** The one-request form login; the cookie to go on with. */
export async function formLogin(
  sandbox: Sandbox,
  user: string,
  password: string
): Promise<Answer & { cookie: string }> {
  const answer = await call(sandbox, 'POST', '/index.php/login', {
    form: { user, password },
    headers: { Origin: sandbox.url }
  })
  const cookie = answer.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')
  return { ...answer, cookie }
}

export interface ListedToken {
  id: number
  name: string
  type: number
  current?: boolean
}

/** What the security page lists for this session. */
export async function listTokens(sandbox: Sandbox, cookie: string): Promise<ListedToken[] | undefined> {
  const { text } = await call(sandbox, 'GET', '/index.php/settings/user/security', {
    as: { cookie },
    headers: { Accept: 'text/html' }
  })
  const value = /id="initial-state-settings-app_tokens" value="([^"]*)"/.exec(text)?.[1]
  return value === undefined ? undefined : JSON.parse(atob(value))
}

export const password = 'Ann-Secret-8842x'
export const fresh = 'Fresh-Secret-8842x'

/** A user called ann with an address, a browser and an app password. */
export function createAnn(sandbox: Sandbox): {
  browser: { cookie: string }
  app: { user: string; password: string }
} {
  sandbox.createUser({ id: 'ann', password, email: 'ann@acme.example' })
  const browser = sandbox.openBrowserSession('ann')
  return { browser, app: { user: 'ann', ...sandbox.createAppPassword('ann', 'Phone') } }
}

/** The link of the newest mail to this address. */
export function newestLink(sandbox: Sandbox, to: string): string {
  const mail = sandbox.mails({ to }).findLast(({ subject }) => subject.includes('reset'))
  return (mail && sandbox.linkOf(mail)) ?? 'no mail'
}
