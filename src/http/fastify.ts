import type { IncomingMessage, ServerResponse } from 'node:http'
import { type TypeBoxTypeProvider, TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox'
import Fastify, { type FastifyBaseLogger, type FastifyInstance, type RawServerDefault } from 'fastify'
import { uuidv7 } from '../operations/uuid.ts'
import { sendProblem } from './problem.ts'

export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>

const requestIdForm = /^[\w.-]{1,64}$/

/** Fastify with its surprises off: nothing is stripped from a body, nothing in it coerced, every error is a problem. */
export function createFastify(log: FastifyBaseLogger): App {
  const app: App = Fastify({
    loggerInstance: log,
    bodyLimit: 64 * 1024,
    // Ids are checked by their schema, which says more; this only bounds the router.
    routerOptions: { maxParamLength: 1_000 },
    frameworkErrors: (error, request, reply) => {
      sendProblem(request, reply, error)
    },
    genReqId: (request) => {
      const given = request.headers['x-request-id']
      return typeof given === 'string' && requestIdForm.test(given) ? given : uuidv7()
    },
    forceCloseConnections: 'idle',
    requestTimeout: 30_000
  }).withTypeProvider<TypeBoxTypeProvider>()
  // Coerces in query, path and headers, where all is text, and never in a body.
  app.setValidatorCompiler(TypeBoxValidatorCompiler)
  acceptEmptyBodies(app)
  app.addHook('onSend', async (request, reply) => {
    reply.header('x-request-id', request.id)
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store')
  })
  return app
}

/** A body whose members are all optional may be left out, also by clients that then still say it is JSON. */
function acceptEmptyBodies(app: App): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined)
    else parse(request, body as string, done)
  })
  app.addHook('preValidation', async (request) => {
    if (request.body === undefined && request.routeOptions.schema?.body) request.body = {}
  })
}
