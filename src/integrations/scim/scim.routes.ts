/** SCIM 2.0 (RFC 7643, RFC 7644) below /scim/v2: an identity provider says who has left. */
import type { FastifyError } from 'fastify'
import type { App } from '../../http/fastify.ts'
import type { sendProblem } from '../../http/problem.ts'
import type { World } from '../../world.ts'
import { changeRoutes } from './change.routes.ts'
import { configurationRoutes } from './configuration.routes.ts'
import { declareErrors } from './document.ts'
import { ScimError, sendScimError } from './errors.ts'
import { groupRoutes } from './groups.routes.ts'
import { ScimErrorSchema, ScimGroup, ScimUser } from './schema.ts'
import { unsupportedRoutes } from './unsupported.routes.ts'
import { mediaType, prefix } from './urns.ts'
import { userRoutes } from './users.routes.ts'

export function scimRoutes(app: App, world: World): void {
  app.addSchema(ScimUser)
  app.addSchema(ScimGroup)
  app.addSchema(ScimErrorSchema)
  app.register(
    async (scim: App) => {
      takeScim(scim)
      scim.addHook('onRoute', declareErrors)
      scim.setErrorHandler((error: FastifyError, request, reply) => sendScimError(request, reply, error))
      scim.setNotFoundHandler(async (request) => {
        throw new ScimError(404, undefined, `${request.method} of this is nothing that SCIM knows here.`)
      })
      // Before the handlers: what is sent without a type is taken for JSON of another kind.
      scim.addHook('onRequest', async (_request, reply) => {
        reply.type(`${mediaType}; charset=utf-8`)
      })
      configurationRoutes(scim, world)
      userRoutes(scim, world)
      changeRoutes(scim, world)
      groupRoutes(scim, world)
      unsupportedRoutes(scim)
    },
    { prefix }
  )
}

/** As `application/json`, which is taken as well (RFC 7644, section 3.1): the same parser, with the same refusals. */
function takeScim(scim: App): void {
  const parse = scim.getDefaultJsonParser('error', 'error')
  scim.addContentTypeParser(mediaType, { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined)
    else parse(request, body as string, done)
  })
}

/** What the router cannot read, and so never reaches any of the above. */
export const sendUnroutable =
  (otherwise: typeof sendProblem): typeof sendProblem =>
  (request, reply, error) =>
    request.url.startsWith(`${prefix}/`)
      ? sendScimError(request, reply, error)
      : otherwise(request, reply, error)
