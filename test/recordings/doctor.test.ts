import { readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import { type NextcloudVersion, type Sandbox, startSandbox } from '../../src/sandbox/index.ts'
import type { Recording, Step } from './recording.ts'

/** What a doctor asks, recorded on real servers: by version. */
const versions: Record<string, NextcloudVersion> = { '31.0.2': 31, '33.0.3': 33, '34.0.1': 34 }
const folder = new URL('doctor/', import.meta.url)

t.test('no recording is left out', async (t) => {
  t.strictSame(
    readdirSync(folder).sort(),
    Object.keys(versions).map((version) => `${version}.json`)
  )
})

for (const [recorded, version] of Object.entries(versions)) {
  t.test(`the sandbox answers a doctor as the recorded Nextcloud ${recorded}`, async (t) => {
    const sandbox = await startSandbox({ version })
    t.teardown(() => sandbox.close())
    const text = readFileSync(new URL(`${recorded}.json`, folder), 'utf8')
    const { steps } = JSON.parse(text) as Recording
    const appPassword = sandbox.createAppPassword('admin', 'Locksmith').password
    for (const [index, step] of steps.entries()) {
      arrange(sandbox, step)
      const response = await send(sandbox, step, appPassword)
      const seen = view(step, response.status, response.headers.get('content-type'), await response.text())
      const { status, headers, body } = step.response
      t.strictSame(
        seen,
        view(step, status, headers['content-type'] ?? null, body),
        `${index + 1}. ${step.note}`
      )
    }
    t.equal(steps.length, 13)
  })
}

/** The ExApp was registered in the midst of the recording; its secret is in the recorded headers. */
function arrange(sandbox: Sandbox, { note }: Step): void {
  if (note !== 'an ExApp that is registered and not enabled') return
  const exApp = { id: 'locksmith-doctor', version: '1.0.0', secret: 'the-secret-of-an-exapp', enabled: false }
  sandbox.settings({ appApi: exApp })
}

function send(sandbox: Sandbox, { request }: Step, appPassword: string): Promise<Response> {
  const { method, path, headers, basicAuth } = request
  const filled = basicAuth
    ?.replace('<admin-password>', sandbox.admin.password)
    .replace('<app-password>', appPassword)
  return fetch(sandbox.url + path, {
    method,
    headers: { ...headers, ...(filled && { authorization: `Basic ${btoa(filled)}` }) },
    redirect: 'manual'
  })
}

function view({ request }: Step, status: number, type: string | null, body: string): unknown {
  return { status, type, body: status === 200 ? readBody(request.path, type ?? '', body) : JSON.parse(body) }
}

const recordedStates =
  /^(core-login(CanResetPassword|ResetPasswordLink)|bruteforcesettings-(remote-address|bypass-listed|apply_allowlist_to_ratelimit))$/
const recordedChecks = /\\(EmailTestSuccessful|ForwardedForHeaders)$/

/** The part of an answer that a doctor reads. */
function readBody(path: string, type: string, body: string): unknown {
  if (type.includes('html')) {
    const inputs = body.matchAll(/<input type="hidden" id="initial-state-([^"]+)" value="([^"]*)">/g)
    return Object.fromEntries(
      [...inputs].flatMap(([, id, value]) =>
        recordedStates.test(id!) ? [[id, JSON.parse(atob(value!))]] : []
      )
    )
  }
  // A time is `<now>` in the recording.
  if (type.includes('javascript'))
    return Object.fromEntries(
      [...body.matchAll(/var (\w+)=([^;]*);/g)].map(([, name, value]) => [
        name,
        /^([1-9]\d{6,}|<now>)$/.test(value!) ? 'a time' : value
      ])
    )
  const data = JSON.parse(body)
  if (path.endsWith('/checksetup')) return checks(data)
  // The real ones have more apps, and the admin's own name and times.
  const { apps, id, groups, enabled, backend } = data.ocs.data ?? {}
  if (apps) return ['app_api', 'bruteforcesettings', 'password_policy'].filter((app) => apps.includes(app))
  if (groups) return { id, groups, enabled, backend }
  if (path.includes('/ex-app/info/')) return { id, enabled, version: data.ocs.data.version }
  return data
}

/** By category; on 31 all of it one level deeper. Links to the manual are of no interest. */
function checks(all: Record<string, unknown>): unknown {
  return Object.fromEntries(
    Object.entries(all).flatMap(([key, value]) => {
      if (recordedChecks.test(key)) {
        const { name, severity, description } = value as Record<string, unknown>
        return [[key, { name, severity, description }]]
      }
      const inner = key.includes('\\') ? {} : (checks(value as Record<string, unknown>) as object)
      return Object.keys(inner).length > 0 ? [[key, inner]] : []
    })
  )
}
