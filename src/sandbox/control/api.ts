import type { Exchange } from '../http/exchange.ts'
import type { Fault } from '../http/faults.ts'
import type { Reply } from '../http/reply.ts'
import type { Treatment } from '../mail/mailbox.ts'
import type { ShareSpec } from '../model/shares.ts'
import { page } from '../pages/pages.ts'
import type { Deletions } from './mirror.ts'
import type { Sandbox } from './sandbox.ts'
import type { UserSpec } from './user-spec.ts'
import { userView } from './user-view.ts'
import type { Credential } from './visitor.ts'

type Input = Record<string, unknown>
type Action = (sandbox: Sandbox, input: Input, id: string) => unknown

const string = (value: unknown): string => (typeof value === 'string' ? value : '')
const optional = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

/** Method and path under `/sandbox/api`; `:id` is handed over. Each only calls a method of the sandbox. */
const actions: Record<string, Action> = {
  'GET /': (sandbox) => ({
    url: sandbox.url,
    smtpUrl: sandbox.smtpUrl,
    version: sandbox.version,
    admin: sandbox.admin
  }),
  'GET /clock': ({ clock }) => ({
    now: new Date(clock.now()).toISOString(),
    speed: clock.speed,
    epoch: clock.epoch
  }),
  'GET /users': (sandbox) => sandbox.users().map((user) => userView(sandbox, user)),
  'POST /users': (sandbox, input) => userView(sandbox, sandbox.createUser(input as unknown as UserSpec)),
  'PATCH /users/:id': (sandbox, input, id) => userView(sandbox, sandbox.updateUser(id, input)),
  'GET /users/:id/tokens': (sandbox, _input, id) => sandbox.tokens(id),
  'GET /users/:id/passwords': (sandbox, _input, id) => sandbox.passwordHistory(id),
  'GET /users/:id/links': (sandbox, _input, id) => sandbox.linksOf(id),
  'POST /users/:id/sessions': (sandbox, input, id) =>
    sandbox.openBrowserSession(id, { userAgent: optional(input.userAgent) }),
  'POST /users/:id/app-passwords': (sandbox, input, id) =>
    sandbox.createAppPassword(id, string(input.name) || 'App', { password: optional(input.password) }),
  'POST /users/:id/login': (sandbox, input, id) => sandbox.loginAsPerson(id, string(input.password)),
  'GET /users/:id/enabled': (sandbox, _input, id) => sandbox.enabledHistory(id),
  'GET /users/:id/passkeys': (sandbox, _input, id) => sandbox.passkeys(id),
  'POST /users/:id/passkeys': (sandbox, input, id) => sandbox.addPasskey(id, string(input.name) || 'Passkey'),
  'POST /users/:id/passkey-login': (sandbox, input, id) =>
    sandbox.loginByPasskey(id, Number(input.passkeyId)),
  'GET /users/:id/shares': (sandbox, _input, id) => sandbox.shares(id),
  'POST /users/:id/shares': (sandbox, input, id) => sandbox.addShare(id, input as unknown as ShareSpec),
  'POST /open-link': (sandbox, input) => ({
    page: sandbox.openPublicLink(string(input.token)),
    files: sandbox.openPublicFiles(string(input.token))
  }),
  'GET /mirror': (sandbox) => sandbox.exportTokens(),
  'POST /mirror/deletions': (sandbox, input) => sandbox.importDeletions(input as Deletions),
  'GET /occ': (sandbox) => sandbox.occRuns(),
  'POST /occ': (sandbox, input) => sandbox.occ(Array.isArray(input.argv) ? input.argv.map(String) : []),
  'POST /try': (sandbox, input) => ({ status: sandbox.tryCredential(input as Credential) }),
  'GET /mails': (sandbox, input) =>
    sandbox
      .mails({ to: optional(input.to) })
      .map(({ raw: _raw, ...mail }) => ({ ...mail, link: sandbox.linkOf(mail) ?? null })),
  'POST /mailbox': (sandbox, input) => {
    if (typeof input.down === 'boolean') sandbox.setMailboxDown(input.down)
    if (typeof input.recipient === 'string')
      sandbox.treatMail(input.recipient, string(input.treatment) as Treatment)
    return {}
  },
  'POST /complete-reset': (sandbox, input) =>
    sandbox.completeReset(string(input.link), string(input.password)),
  'GET /settings': (sandbox) => sandbox.settings(),
  'PATCH /settings': (sandbox, input) => sandbox.settings(input),
  'GET /calls': (sandbox) => sandbox.calls(),
  'DELETE /calls': (sandbox) => sandbox.forgetCalls(),
  'GET /counters': (sandbox) => sandbox.counters(),
  'GET /faults': (sandbox) => sandbox.faults(),
  'POST /faults': (sandbox, input) => {
    sandbox.addFault(input as unknown as Fault)
    return sandbox.faults()
  },
  'DELETE /faults': (sandbox) => sandbox.clearFaults(),
  'POST /faults/release': (sandbox) => sandbox.releaseFaults(),
  'POST /clock': (sandbox, input) => {
    sandbox.advanceClock(Number(input.advanceSeconds))
    return { now: new Date(sandbox.clock.now()).toISOString() }
  },
  'POST /throttle/reset': (sandbox) => sandbox.resetThrottle(),
  'POST /reset': (sandbox) => sandbox.reset()
}

/** Answers everything under `/sandbox`: the API here, pages for people otherwise. */
export function createControl(sandbox: Sandbox): (exchange: Exchange) => Reply {
  return (exchange) => {
    const path = exchange.path.replace(/^\/sandbox/, '')
    // The clock has a short path too.
    const apiPath = path === '/clock' ? '/clock' : /^\/api(\/.*)?$/s.exec(path)?.[1]
    if (apiPath === undefined && path !== '/api') return page(sandbox, exchange, path)
    const found = find(exchange.method, apiPath ?? '/')
    if (!found) return reply(404, { error: `No ${exchange.method} ${path} here` })
    try {
      return reply(200, found.action(sandbox, exchange.parameters, found.id) ?? {})
    } catch (error) {
      return reply(400, { error: error instanceof Error ? error.message : String(error) })
    }
  }
}

function find(method: string, path: string): { action: Action; id: string } | undefined {
  for (const [name, action] of Object.entries(actions)) {
    const [verb, pattern] = name.split(' ')
    const match = new RegExp(`^${pattern!.replace(':id', '(.+)')}$`, 's').exec(path)
    if (verb === method && match) return { action, id: match[1] ?? '' }
  }
  return undefined
}

function reply(status: number, data: unknown): Reply {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify(data)
  }
}
