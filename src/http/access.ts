import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import type { Authenticate, Known } from '../access/authenticate.ts'
import { issuerOf } from '../access/jwt.ts'
import { type Access, type Caller, mayEnter, type Scope } from '../access/scope.ts'
import { knownWithin, type Session, type Sessions } from '../access/sessions.ts'
import type { Actor } from '../audit/event.ts'
import { DomainError } from '../errors.ts'
import { nextcloudProblems, withProblems } from './problem.ts'
import type { RateLimits } from './rate-limit.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may call the route; one that does not say fails at start. */
    access?: Access
    /**
     * Who is limited to groups may come in, since the handler sees to the limit. Routes about one user
     * (`:userId`) are seen to for all of them; every other is closed to such a caller.
     */
    groups?: 'heeded'
  }
  interface FastifyRequest {
    /** Set on every route that asks for a key. */
    caller: Caller | null
    /** Set on every route that asks for somebody who is signed in. */
    session: Session | null
  }
  interface FastifyInstance {
    /** For what takes its time after the caller was found. @throws DomainError unauthorized where it is known no longer */
    confirmCaller(request: FastifyRequest): Promise<void>
    /** For routes that are public, and find out by themselves who calls. */
    limits: RateLimits
    sessions: Sessions
    /** A good credential came from where it may not be used. */
    onOutside: AccessOptions['onOutside']
    /** Whether a caller would be let into a route: `POST /users/:userId/reset`. */
    isOpen(caller: Caller, route: string): boolean
  }
}

/** Swagger UI's own files: a library's routes, which cannot say for themselves that they are public. */
const documentation = /^\/docs(\/|$)/

export type AccessOptions = {
  authenticate: Authenticate
  limits: RateLimits
  sessions: Sessions
  /** The session that a request's cookie names. @throws DomainError unauthorized */
  findSession(request: FastifyRequest): Promise<Session>
  /** A good key came from where it may not be used. */
  onOutside(request: FastifyRequest, known: Known): void
  /** @throws DomainError unknown-user for one who is in none of the caller's groups */
  refuseOutsiders(caller: Caller, userId: string): Promise<void>
}

/** No route without a declared scope, and no request past it without a credential that has it. */
export function installAccess(app: FastifyInstance, options: AccessOptions): void {
  const { sessions } = options
  const rules = new Map<string, RouteRule>()
  app.decorateRequest('caller', null)
  app.decorateRequest('session', null)
  app.decorate('limits', options.limits)
  app.decorate('sessions', sessions)
  app.decorate('onOutside', options.onOutside)
  app.decorate('confirmCaller', async ({ headers: { authorization } }: FastifyRequest) => {
    const token = sessions.tokenWithin(authorization)
    await (token === undefined ? options.authenticate(authorization) : knownWithin(sessions, token))
  })
  app.decorate('isOpen', (caller: Caller, route: string) => {
    const rule = rules.get(route)
    if (!rule) throw new Error(`${route} is no route`)
    return mayEnter(caller, rule.access) && !isClosedToGroups(caller, rule)
  })
  app.addHook('onRoute', (route) => {
    const { access, groups } = declare(route)
    if (access === 'public' || access === 'session') return
    for (const method of [route.method].flat())
      rules.set(`${method} ${route.url}`, { access, groups, url: route.url })
  })
  app.addHook('onRequest', async (request, reply) => {
    const { config, url } = request.routeOptions
    // Unknown paths have no access to declare; they answer 404 to everyone.
    const access = accessOf(config.access, url)
    if (access === undefined || access === 'public') return
    if (access === 'session') {
      request.session = await identifySession(request, reply, options)
      return
    }
    const caller = await identify(request, reply, options)
    refuseWithout(caller, access)
    if (isClosedToGroups(caller, { groups: config.groups, url })) throw limitedToGroups(caller.groups!)
    request.caller = caller
  })
  // After the validation: Nextcloud is not asked for what cannot be a user. Before anything else sees the request.
  app.addHook('preHandler', async (request) => {
    const { caller, params } = request
    if (!caller) return
    if (caller.groups && isAboutUser(request.routeOptions.url))
      await options.refuseOutsiders(caller, (params as { userId: string }).userId)
    // A body may be sent as slowly as one likes: nothing is done with a key that was revoked meanwhile.
    await app.confirmCaller(request)
  })
}

/** @throws DomainError unauthorized, address-not-allowed, rate-limited, too-many-failed-logins */
async function identify(
  request: FastifyRequest,
  reply: FastifyReply,
  { authenticate, limits, sessions, onOutside }: AccessOptions
): Promise<Caller> {
  const { authorization } = request.headers
  // The console asks in the name of somebody whom it has counted, and whose address it has looked at.
  const token = sessions.tokenWithin(authorization)
  if (token !== undefined) return (await knownWithin(sessions, token)).caller
  const isSigned = issuerOf(authorization?.replace(/^Bearer +/i, '') ?? '') !== undefined
  if (authorization && !isSigned) limits.refuseGuessing(request)
  const known = await authenticate(authorization).catch((error) => {
    const isRefused = error instanceof DomainError && error.code === 'unauthorized'
    if (authorization && isRefused) {
      // Nobody guesses a signature: one that is good is taken, whatever others send from the address that they share.
      limits.refuseGuessing(request)
      limits.failed(request)
    }
    throw error
  })
  // First: whoever stole a key does not use up the requests of whom it belongs to.
  if (!known.isFrom(request.ip)) {
    limits.failed(request)
    onOutside(request, known)
    throw addressNotAllowed(request.ip)
  }
  limits.succeeded(request)
  known.used()
  limits.spend(reply, known.caller.actor)
  return known.caller
}

/** @throws DomainError unauthorized, address-not-allowed, rate-limited */
async function identifySession(
  request: FastifyRequest,
  reply: FastifyReply,
  { findSession, limits, onOutside }: AccessOptions
): Promise<Session> {
  const session = await findSession(request)
  if (!session.known.isFrom(request.ip)) {
    onOutside(request, session.known)
    throw addressNotAllowed(request.ip)
  }
  limits.spend(reply, session.known.caller.actor)
  return session
}

/** What a request asks for can need more than its route does. @throws DomainError missing-scope */
export function needScopes(request: FastifyRequest, scopes: Scope[]): void {
  for (const scope of scopes) refuseWithout(request.caller!, scope)
}

function refuseWithout(caller: Caller, access: Scope | 'any-key'): void {
  if (mayEnter(caller, access)) return
  const needed = access === 'any-key' ? 'any scope' : `the scope ${access} (or admin)`
  throw new DomainError(
    'missing-scope',
    `This needs a key with ${needed}; yours has ${caller.scopes.join(', ') || 'none'}. Nothing was done.`,
    { extra: { needed: access, has: caller.scopes } }
  )
}

const addressNotAllowed = (address: string) =>
  new DomainError(
    'address-not-allowed',
    `This key may not be used from ${address.slice(0, 60)}. Nothing was done. Call from one of its networks; behind a proxy TRUST_PROXY has to name that.`
  )

const limitedToGroups = (groups: string[]) =>
  new DomainError(
    'limited-to-groups',
    'Your key is for the users of some groups only, and this is not about one user. Nothing was done. Use a key without that limit.',
    { extra: { groups } }
  )

/** Who acts, for the audit. Only on routes that are not public. */
export const actorOf = (request: FastifyRequest): Actor => request.caller!.actor

/** Only on routes that are not public. */
export const callerOf = (request: FastifyRequest): Caller => request.caller!

type RouteRule = { access: Scope | 'any-key'; groups: 'heeded' | undefined; url: string | undefined }

/** Whoever is limited to groups gets into routes about one user, and into those that heed the limit. */
const isClosedToGroups = (caller: Caller, { groups, url }: Pick<RouteRule, 'groups' | 'url'>) =>
  caller.groups !== undefined && groups !== 'heeded' && !isAboutUser(url)

const isAboutUser = (url: string | undefined) => url?.split('/').includes(':userId') ?? false

const accessOf = (declared: Access | undefined, url: string | undefined) =>
  declared ?? (url !== undefined && documentation.test(url) ? 'public' : undefined)

/** Larger ones reach no route: so it is what every one can answer, also one that refuses nothing itself. */
const beforeAnyRoute = 'headers-too-large'

const refusals = [
  beforeAnyRoute,
  'unauthorized',
  'missing-scope',
  'address-not-allowed',
  'limited-to-groups',
  'rate-limited',
  'too-many-failed-logins',
  'database-unavailable',
  'identity-provider-unavailable',
  'internal-error'
] as const

/** Where it is about one user: whoever is limited to groups is let in once Nextcloud has said in which the user is. */
const refusalsOfOutsiders = ['unknown-user', ...nextcloudProblems] as const

/** Of whatever may come with a body, even where none is asked for. */
const bodyRefusals = [
  'malformed-json',
  'invalid-request',
  'body-too-large',
  'unsupported-media-type'
] as const

function declare(route: RouteOptions): { access: Access; groups: 'heeded' | undefined } {
  const access = accessOf(route.config?.access, route.url)
  if (access === undefined) throw new Error(`${route.method} ${route.url} declares no access`)
  const declared = { access, groups: route.config?.groups }
  if (!route.schema || route.schema.hide) return declared
  if (access === 'public') {
    route.schema = {
      ...route.schema,
      response: withProblems((route.schema.response ?? {}) as object, beforeAnyRoute)
    }
    return declared
  }
  const needs = access === 'any-key' ? 'Needs any key.' : `Scope: \`${access}\`.`
  const isRead = route.method === 'GET' || route.method === 'HEAD'
  // A new object: Fastify gives a GET's own again for its HEAD.
  route.schema = {
    ...route.schema,
    security: [{ apiKey: [] }],
    description: [route.schema.description, needs].filter(Boolean).join('\n\n'),
    response: withProblems(
      (route.schema.response ?? {}) as object,
      ...refusals,
      ...(isAboutUser(route.url) ? refusalsOfOutsiders : []),
      ...(isRead ? [] : bodyRefusals)
    )
  }
  return declared
}
