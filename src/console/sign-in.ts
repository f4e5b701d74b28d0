/** Signing in by an API key, and signing out. The key is read once: it is stored, logged and shown nowhere. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Authenticate } from '../access/authenticate.ts'
import { type Caller, mayEnter } from '../access/scope.ts'
import { appendAudit } from '../audit/audit.sql.ts'
import { inTransaction } from '../db/transaction.ts'
import { DomainError } from '../errors.ts'
import { sessionCookie } from '../http/cookie.ts'
import type { App } from '../http/fastify.ts'
import type { World } from '../world.ts'
import { headers } from './assets.ts'
import { hidden } from './forms.ts'
import { writePage } from './frame.ts'
import { html, query } from './html.ts'
import { refuseForeign } from './origin.ts'

/** Only pages of the console: nobody is led elsewhere by a link to sign in. */
const ownPath = /^\/console(\/[\w\-./%@?=&:+~]*)?$/
export const safePath = (path: string | undefined) =>
  path !== undefined && ownPath.test(path) && !path.includes('//') && !path.startsWith('/console/oidc')
    ? path
    : '/console'

export type SignInPage = { to?: string | undefined; said?: string; status?: number }

export function showSignIn(
  { config, siteUrl }: World,
  request: FastifyRequest,
  reply: FastifyReply,
  { to, said, status = 200 }: SignInPage
): FastifyReply {
  const path = safePath(to)
  const issuers = config.issuers.flatMap((each, n) => (each.signIn ? [{ n, name: each.signIn.name }] : []))
  return writePage(reply, {
    title: 'Sign in',
    narrow: true,
    status,
    request,
    path: '/console/sign-in',
    site: siteUrl.host,
    content: html`${said !== undefined && html`<div class="note warn" role="alert"><p>${said}</p></div>`}
${issuers.length > 0 && html`<section class="card" aria-labelledby="by-provider"><h2 id="by-provider">With your account</h2><div class="buttons">${issuers.map(({ n, name }) => html`<a class="button main" href="${query('/console/oidc/start', { issuer: n, to: path })}">${name ?? 'Identity provider'}</a>`)}</div></section>`}
<form class="card" method="post" action="/console/sign-in" autocomplete="off"><h2>With an API key</h2>${hidden({ to: path })}
<div class="field"><label for="key">API key</label><input id="key" name="key" type="password" required maxlength="500" autocomplete="off" spellcheck="false" autocapitalize="none" aria-describedby="key-hint"><p class="hint" id="key-hint">It is not kept: this browser gets a session that ends with the key, after half an hour without you, and after eight hours in any case.</p></div>
<div class="buttons"><button class="main">Sign in</button></div></form>`
  })
}

/** A session for a caller whose credential is good; its cookie goes with the answer. */
export async function begin(
  app: App,
  world: World,
  request: FastifyRequest,
  reply: FastifyReply,
  caller: Caller,
  until: Date | undefined
): Promise<void> {
  if (!mayEnter(caller, 'any-key'))
    throw new DomainError('missing-scope', 'You have no scope here at all. Nothing was done.')
  const { token } = await inTransaction(world.pool, async (tx) => {
    const begun = await app.sessions.begin(tx, caller, until)
    await appendAudit(tx, {
      action: 'console.signed-in',
      actor: caller.actor,
      requestId: request.id,
      details: { expiresAt: begun.expiresAt.toISOString() }
    })
    return begun
  })
  sessionCookie(world.config.publicOrigin).set(reply, token)
}

export function signInRoutes(app: App, world: World, authenticate: Authenticate): void {
  const { config, pool } = world
  const hide = { schema: { hide: true } } as const

  app.get('/sign-in', { config: { access: 'public' }, ...hide }, async (request, reply) => {
    const { to } = request.query as { to?: string }
    return showSignIn(world, request, reply, { to })
  })

  app.post(
    '/sign-in',
    { config: { access: 'public', idempotency: { none: 'a second one is a second session' } }, ...hide },
    async (request, reply) => {
      refuseForeign(request, config.publicOrigin)
      const { key = '', to } = (request.body ?? {}) as Record<string, string>
      app.limits.refuseGuessing(request)
      try {
        const known = await authenticate(`Bearer ${key.trim()}`)
        // What is signed for one request is none to stay with.
        if (!known.caller.actor.startsWith('key:')) throw notAKey()
        if (!known.isFrom(request.ip)) {
          app.onOutside(request, known)
          throw new DomainError(
            'address-not-allowed',
            'This key may not be used from where you are. Nothing was done.'
          )
        }
        await begin(app, world, request, reply, known.caller, undefined)
        known.used()
        return reply.headers(headers).redirect(safePath(to), 303)
      } catch (error) {
        if (!(error instanceof DomainError) || error.problem.status >= 500 || error.problem.status === 429)
          throw error
        app.limits.failed(request)
        return showSignIn(world, request, reply, { to, said: saidOf(error), status: error.problem.status })
      }
    }
  )

  app.post(
    '/sign-out',
    { config: { access: 'session', idempotency: { none: 'a second one finds it over' } }, ...hide },
    async (request, reply) => {
      const session = request.session!
      await inTransaction(pool, async (tx) => {
        if (!(await app.sessions.end(tx, session))) return
        const { actor } = session.known.caller
        await appendAudit(tx, { action: 'console.signed-out', actor, requestId: request.id, details: {} })
      })
      sessionCookie(config.publicOrigin).clear(reply)
      return reply.headers(headers).redirect('/console/sign-in', 303)
    }
  )
}

const notAKey = () => new DomainError('unauthorized', 'That is no API key. Nothing was done.')

const saidOf = ({ code, message }: DomainError) =>
  code === 'unauthorized'
    ? 'This key is unknown, revoked or expired, or was mistyped. Nobody was signed in.'
    : message
