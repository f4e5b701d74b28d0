import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify'
import type { Authenticate } from '../access/authenticate.ts'
import { type Access, type Caller, mayEnter, type Scope } from '../access/scope.ts'
import type { Actor } from '../audit/event.ts'
import { DomainError } from '../errors.ts'
import { problemResponses } from './problem.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may call the route; one that does not say fails at start. */
    access?: Access
  }
  interface FastifyRequest {
    /** Set on every route that is not public. */
    caller: Caller | null
  }
}

/** Swagger UI's own files: a library's routes, which cannot say for themselves that they are public. */
const documentation = /^\/docs(\/|$)/

/** No route without a declared scope, and no request past it without a key that has it. */
export function installAccess(app: FastifyInstance, authenticate: Authenticate): void {
  app.decorateRequest('caller', null)
  app.addHook('onRoute', declare)
  app.addHook('onRequest', async (request) => {
    // Unknown paths have no access to declare; they answer 404 to everyone.
    const access = accessOf(request.routeOptions.config.access, request.routeOptions.url)
    if (access === undefined || access === 'public') return
    const caller = await authenticate(request.headers.authorization)
    refuseWithout(caller, access)
    request.caller = caller
  })
}

/** What a request asks for can need more than its route does. @throws DomainError missing-scope */
export function needScopes(request: FastifyRequest, scopes: Scope[]): void {
  for (const scope of scopes) refuseWithout(request.caller!, scope)
}

function refuseWithout(caller: Caller, access: Exclude<Access, 'public'>): void {
  if (mayEnter(caller, access)) return
  throw new DomainError(
    'missing-scope',
    `This needs a key with the scope ${access} (or admin); yours has ${caller.scopes.join(', ')}. Nothing was done.`,
    { extra: { needed: access, has: caller.scopes } }
  )
}

/** Who acts, for the audit. Only on routes that are not public. */
export const actorOf = (request: FastifyRequest): Actor => request.caller!.actor

/** Only on routes that are not public. */
export const callerOf = (request: FastifyRequest): Caller => request.caller!

const accessOf = (declared: Access | undefined, url: string | undefined) =>
  declared ?? (url !== undefined && documentation.test(url) ? 'public' : undefined)

function declare(route: RouteOptions): void {
  const access = accessOf(route.config?.access, route.url)
  if (access === undefined) throw new Error(`${route.method} ${route.url} declares no access`)
  if (access === 'public' || !route.schema) return
  const needs = access === 'any-key' ? 'Needs any key.' : `Scope: \`${access}\`.`
  // A new object: Fastify gives a GET's own again for its HEAD.
  route.schema = {
    ...route.schema,
    security: [{ apiKey: [] }],
    description: [route.schema.description, needs].filter(Boolean).join('\n\n'),
    response: {
      ...problemResponses('unauthorized', 'missing-scope', 'database-unavailable', 'internal-error'),
      ...(route.schema.response as object)
    }
  }
}
