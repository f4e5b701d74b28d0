/** Signing in at an identity provider. */
import type { Authenticate } from '../access/authenticate.ts'
import { createSignIn, type SignsIn, type Started } from '../access/sign-in.ts'
import { DomainError } from '../errors.ts'
import { cookie, ownOrigin } from '../http/cookie.ts'
import type { App } from '../http/fastify.ts'
import type { World } from '../world.ts'
import { headers } from './assets.ts'
import { begin, safePath, showSignIn } from './sign-in.ts'

/** How long somebody may take at the provider. */
const patienceSeconds = 600

export function oidcRoutes(app: App, world: World, authenticate: Authenticate): void {
  const { config } = world
  const { issuers, publicOrigin } = config
  const started = cookie('locksmith-signing-in', publicOrigin)
  const signIn = createSignIn()
  const hide = { config: { access: 'public' }, schema: { hide: true } } as const
  const canSignIn = (issuer: (typeof issuers)[number] | undefined): issuer is SignsIn =>
    issuer?.signIn !== undefined
  const callback = '/console/oidc/callback'

  app.get('/oidc/start', hide, async (request, reply) => {
    const { issuer: n, to } = request.query as { issuer?: string; to?: string }
    const issuer = issuers[Number(n)]
    if (!canSignIn(issuer)) throw new DomainError('not-found', 'Nobody signs in there.')
    const way = await signIn.start(issuer, ownOrigin(request, publicOrigin) + callback, safePath(to))
    started.set(reply, Buffer.from(JSON.stringify(way.started)).toString('base64url'), patienceSeconds)
    return reply.headers(headers).redirect(way.url.href, 303)
  })

  app.get('/oidc/callback', hide, async (request, reply) => {
    app.limits.refuseGuessing(request)
    const before = readStarted(started.read(request))
    started.clear(reply)
    const issuer = issuers.find((each) => each.issuer === before?.issuer)
    if (!before || !canSignIn(issuer))
      return showSignIn(world, request, reply, {
        status: 400,
        said: 'Signing in was not begun in this browser, or too long ago. Nobody was signed in.'
      })
    try {
      const url = new URL(request.url, ownOrigin(request, publicOrigin))
      const { token, until } = await signIn.finish(issuer, url, before)
      const { caller } = await authenticate(`Bearer ${token}`)
      if (!caller.actor.startsWith(`oidc:${issuer.issuer}#`))
        throw new DomainError(
          'unauthorized',
          'This access token is of another provider. Nobody was signed in.'
        )
      await begin(app, world, request, reply, caller, until)
    } catch (error) {
      if (!(error instanceof DomainError) || error.problem.status >= 500) throw error
      app.limits.failed(request)
      if (error.cause !== undefined) request.log.info({ err: error.cause }, error.code)
      return showSignIn(world, request, reply, {
        status: error.problem.status,
        to: before.to,
        said: error.message
      })
    }
    return reply.headers(headers).redirect(safePath(before.to), 303)
  })
}

function readStarted(value: string | undefined): Started | undefined {
  try {
    const read = JSON.parse(Buffer.from(value ?? '', 'base64url').toString()) as Started
    const all = [read.issuer, read.state, read.nonce, read.verifier, read.to]
    return all.every((each) => typeof each === 'string') ? read : undefined
  } catch {
    return undefined
  }
}
