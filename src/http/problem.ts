import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import Type from 'typebox'
import { isDatabaseFailure } from '../db/failure.ts'
import { DomainError, type Problem, problemOf } from '../errors.ts'
import { NextcloudError } from '../nextcloud/errors.ts'
import { userIdRule } from '../nextcloud/user-id.ts'
import { type ProblemCode, problems } from '../problems.ts'
import { RevocationError } from '../revocation/errors.ts'
import { expectedForm } from './expected.ts'
import { loggableUrl } from './loggable.ts'
import { type DeclaredProblem, problemExample } from './problem.examples.ts'

/** RFC 9457. One schema everywhere: Fastify drops members that a schema lacks, so extra ones are allowed. */
export const ProblemSchema = Type.Object(
  {
    type: Type.String({ description: 'Path of a page about this problem, also its stable name' }),
    code: Type.Enum(Object.keys(problems) as ProblemCode[], { description: 'The last part of `type`' }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String({ description: 'What happened, what was and was not done, what to do next' })
  },
  { $id: 'Problem', additionalProperties: true, description: 'A problem (RFC 9457)' }
)

const order = Object.keys(problems)

/**
 * For `response`: each status with its problems, all of one shape and always in one order. No handler sends one: they
 * are thrown.
 */
export const problemResponses = (...codes: DeclaredProblem[]): Record<never, never> =>
  Object.fromEntries(
    Object.entries(Object.groupBy(inOrder(codes), (code) => problems[code].status)).map(
      ([status, ofStatus = []]) => [
        status,
        {
          description: ofStatus.map((code) => `${problems[code].title} (\`${code}\`)`).join('. '),
          content: {
            'application/problem+json': {
              schema: { $ref: 'Problem#' },
              examples: Object.fromEntries(ofStatus.map((code) => [code, { value: problemExample(code) }]))
            }
          }
        }
      ]
    )
  )

const inOrder = (codes: DeclaredProblem[]) => codes.toSorted((a, b) => order.indexOf(a) - order.indexOf(b))

/** What can be in the way of every question to Nextcloud. */
export const nextcloudProblems = [
  'nextcloud-unexpected-answer',
  'nextcloud-not-allowed',
  'nextcloud-untrusted-host',
  'nextcloud-unreachable',
  'nextcloud-maintenance',
  'nextcloud-busy',
  'nextcloud-credentials-refused',
  'database-unavailable'
] as const satisfies DeclaredProblem[]

type Responses = Record<string, { content?: Record<string, { examples?: object }> }>

/** A route's `response` with more problems, beside those that it has under the same status. */
export function withProblems(response: object, ...codes: DeclaredProblem[]): object {
  const declared = Object.values(response as Responses).flatMap(({ content }) =>
    Object.keys(content?.['application/problem+json']?.examples ?? {})
  )
  return { ...response, ...problemResponses(...new Set([...(declared as DeclaredProblem[]), ...codes])) }
}

/** Every error of every route, the framework's own included, leaves as a problem. */
export function installProblems(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError, request, reply) => sendProblem(request, reply, error))
  app.setNotFoundHandler((request, reply) => {
    const path = loggableUrl(request).split('?', 1)[0]!.slice(0, 200)
    return answerProblem(
      reply,
      problemOf('not-found', `${request.method} ${path} is no route of Locksmith: see /docs.`)
    )
  })
}

export const sendProblem = (
  request: FastifyRequest,
  reply: FastifyReply,
  error: FastifyError
): FastifyReply => answerProblem(reply, tellProblem(request, reply, error))

/** The problem that an error is, once it is logged and its headers are set; how it is sent is the caller's. */
export function tellProblem(request: FastifyRequest, reply: FastifyReply, error: FastifyError): Problem {
  if (error instanceof DomainError) {
    if (error.cause !== undefined) request.log.info({ err: error.cause }, error.code)
    reply.headers(error.headers)
    return error.problem
  }
  if (error instanceof NextcloudError) {
    request.log.info({ err: error }, 'Nextcloud')
    if (error.afterMs !== undefined) reply.header('retry-after', Math.ceil(error.afterMs / 1_000))
    return error.problem
  }
  if (error instanceof RevocationError) {
    request.log.info({ err: error }, 'revocation')
    return error.problem
  }
  const known = ofFramework(error)
  if (known) return known
  request.log.error({ err: error }, 'unexpected')
  if (isDatabaseFailure(error)) {
    return problemOf(
      'database-unavailable',
      `The database did not answer. ${request.method === 'GET' ? 'Nothing was done.' : 'Whether anything was begun is not known: ask GET /operations before you try again.'} /health/ready says when it is back.`
    )
  }
  return problemOf(
    'internal-error',
    `Something failed that should not. It is in the log under request ${request.id}; whether anything was begun, GET /operations tells.`
  )
}

type Fault = NonNullable<FastifyError['validation']>[number]

/** What is wrong with body, query or path, each with its place; at most ten of them. */
function invalid(faults: Fault[], context: string): Problem {
  const choices = faults
    .filter(({ keyword }) => keyword === 'anyOf')
    .map((fault) => `${fault.schemaPath}/anyOf/`)
  const errors = faults
    // A member that should not be there is told once, by the rule that forbids it.
    .filter(({ keyword }) => keyword !== 'boolean')
    // Of a choice, what it is: why each one of them is not meant says nothing.
    .filter(({ schemaPath }) => !choices.some((choice) => schemaPath.startsWith(choice)))
    .slice(0, 10)
    .map((fault) => ({ at: `${context}${fault.instancePath}`, message: sentence(fault) }))
  if (errors.some(({ at }) => at === 'params/userId')) {
    return problemOf('invalid-user-id', `A user id ${userIdRule}. Nothing was done.`)
  }
  const all = errors.map(({ at, message }) => `${at} ${message}`).join('; ')
  return problemOf('invalid-request', `${all}. Nothing was done.`, { errors })
}

function sentence({ keyword, message, params }: Fault): string {
  const list = (values: unknown) =>
    Array.isArray(values) ? values.map((value) => String(value).slice(0, 60)).join(', ') : ''
  switch (keyword) {
    case 'additionalProperties':
      return `has unknown members: ${list(params.additionalProperties)}`
    case 'enum':
      return `must be one of: ${list(params.allowedValues)}`
    case 'pattern':
    case 'anyOf':
      return expectedForm(params.pattern, params)
    default:
      return message ?? 'is not valid'
  }
}

export const answerProblem = (reply: FastifyReply, problem: Problem): FastifyReply =>
  reply
    .code(problem.status)
    .type('application/problem+json; charset=utf-8')
    .serializer((payload: Problem) => JSON.stringify(payload))
    .send(problem)

function ofFramework(error: FastifyError): Problem | undefined {
  if (error.validation) return invalid(error.validation, error.validationContext ?? 'request')
  switch (error.code) {
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
      return problemOf('malformed-json', 'The body could not be read as JSON. Nothing was done.')
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return problemOf(
        'body-too-large',
        'The body is larger than any request of this API can be. Nothing was done.'
      )
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return problemOf(
        'unsupported-media-type',
        'Send the body with Content-Type: application/json. Nothing was done.'
      )
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return problemOf('invalid-request', 'Content-Length does not fit the body. Nothing was done.')
    case 'FST_ERR_BAD_URL':
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return problemOf(
        'invalid-request',
        'The path cannot be read: escape it as UTF-8, with user ids of at most 64 characters. Nothing was done.'
      )
  }
  return error.statusCode && error.statusCode < 500
    ? problemOf('invalid-request', 'The request could not be read. Nothing was done.')
    : undefined
}
