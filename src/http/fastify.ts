import type { IncomingMessage, ServerResponse } from 'node:http'
import { SerializerSelector } from '@fastify/fast-json-stringify-compiler'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  LogController,
  type RawServerDefault,
  type RouteOptions
} from 'fastify'
import Type, { type TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { origin } from '../audit/origin.ts'
import { underway } from '../underway.ts'
import { uuidv7 } from '../uuid.ts'
import type { Told } from './expected.ts'
import { loggable } from './loggable.ts'
import { sendProblem } from './problem.ts'
import { maxHeaderSize, refuseUnreadable } from './unreadable.ts'

export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>

const requestIdForm = /^[\w.-]{1,64}$/

/**
 * Fastify with its surprises off: nothing is stripped from a body, nothing in it coerced, every error is a problem.
 * @param proxies addresses and networks whose `X-Forwarded-For` is believed
 * @param onUnroutable answers a request whose path the router cannot read
 */
export function createFastify(
  log: FastifyBaseLogger,
  proxies: string[] = [],
  onUnroutable: typeof sendProblem = sendProblem
): App {
  const app: App = Fastify({
    loggerInstance: log.child({}, { serializers: { req: loggable } }),
    // As the audit calls it, too.
    logController: new LogController({ requestIdLogLabel: 'requestId' }),
    bodyLimit: 64 * 1024,
    http: { maxHeaderSize },
    // Whatever else says where a request is from is a header that anybody can send.
    trustProxy: proxies.length > 0 ? proxies : false,
    // Ids are checked by their schema, which says more; this only bounds the router.
    routerOptions: { maxParamLength: 1_000 },
    frameworkErrors: (error, request, reply) => {
      onUnroutable(request, reply, error)
    },
    genReqId: (request) => {
      const given = request.headers['x-request-id']
      return typeof given === 'string' && requestIdForm.test(given) ? given : uuidv7()
    },
    schemaController: { compilersFactory: { buildSerializer } },
    forceCloseConnections: 'idle',
    requestTimeout: 30_000,
    clientErrorHandler: refuseUnreadable
  }).withTypeProvider<TypeBoxTypeProvider>()
  app.setValidatorCompiler(compileValidator)
  acceptEmptyBodies(app)
  app.addHook('onRoute', refuseUnknownQuery)
  app.addHook('onRequest', (request, _reply, done) => underway.run({ requestId: request.id }, done))
  // Anew, or not earlier: what is begun before the body was read does not carry over.
  app.addHook('preHandler', (request, _reply, done) => {
    const address = request.ip.slice(0, 60)
    underway.run({ requestId: request.id }, () => origin.run({ requestId: request.id, address }, done))
  })
  app.addHook('onSend', async (request, reply) => {
    reply.header('x-request-id', request.id)
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store')
  })
  return app
}

const serializers = SerializerSelector()

/**
 * Each route can answer with some twenty problems, all of one shape: a serializer for each took most of the start, a
 * second of it. Problems are made by us alone, and complete; of answers only what their schema names is sent. Those
 * serializers are built when they are first needed: together they took another second, of every command and replica.
 */
function buildSerializer(...known: Parameters<typeof serializers>) {
  const build = serializers(...known)
  return (answer: Parameters<typeof build>[0]) => {
    if (Number(answer.httpStatus) >= 400) return JSON.stringify
    let serialize: ReturnType<typeof build> | undefined
    return (payload: unknown) => (serialize ??= build(answer))(payload)
  }
}

/** Whoever asks a route for what it cannot do, such as `dryRun`, must not get the thing itself done. */
function refuseUnknownQuery(route: RouteOptions): void {
  if (route.method === 'GET' || route.method === 'HEAD' || !route.schema || route.schema.querystring) return
  route.schema = { ...route.schema, querystring: Type.Object({}, { additionalProperties: false }) }
}

/** Where all is text (query, path, headers) whole numbers and booleans are read as such; in a body nothing is converted. */
function compileValidator({ schema, httpPart }: { schema: TSchema; httpPart?: string }) {
  const validator = Compile(schema)
  const properties = (schema as { properties?: Record<string, { type?: string }> }).properties ?? {}
  const named = (type: string) => Object.keys(properties).filter((name) => properties[name]?.type === type)
  const integers = named('integer')
  const booleans = named('boolean')
  const read = (values: Record<string, unknown>) => {
    for (const name of integers) readInteger(values, name)
    for (const name of booleans) readBoolean(values, name)
    return values
  }
  return (given: unknown) => {
    const value = httpPart === 'body' ? given : read({ ...(given as Record<string, unknown>) })
    if (validator.Check(value)) return { value }
    return { error: validator.Errors(value).map((fault) => toldOf(schema, fault)) as never }
  }
}

/** A pattern or a choice alone says nothing to people: what the schema says of it goes with the fault. */
function toldOf<Fault extends { keyword: string; schemaPath: string; params: object }>(
  schema: TSchema,
  fault: Fault
): Fault {
  if (fault.keyword !== 'pattern' && fault.keyword !== 'anyOf') return fault
  // A JSON pointer, such as `#/properties/owner`; none of our members has a name that it would escape.
  const steps = fault.schemaPath.split('/').slice(1)
  const part = steps.reduce<unknown>(
    (at, step) => (at as Record<string, unknown> | undefined)?.[step],
    schema
  )
  const { description, examples } = (part ?? {}) as Told
  return { ...fault, params: { ...fault.params, description, examples } }
}

function readInteger(values: Record<string, unknown>, name: string): void {
  const text = values[name]
  if (typeof text === 'string' && /^-?\d{1,15}$/.test(text)) values[name] = Number(text)
}

function readBoolean(values: Record<string, unknown>, name: string): void {
  if (values[name] === 'true' || values[name] === 'false') values[name] = values[name] === 'true'
}

/** A body whose members are all optional may be left out, also by clients that then still say it is JSON. */
function acceptEmptyBodies(app: App): void {
  app.removeContentTypeParser('text/plain')
  const parse = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined)
    else parse(request, body as string, done)
  })
  app.addHook('preValidation', async (request) => {
    if (request.body === undefined && request.routeOptions.schema?.body) request.body = {}
  })
}
