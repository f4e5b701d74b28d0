import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import type { Problem } from '../../errors.ts'
import { tellProblem } from '../../http/problem.ts'
import type { ProblemCode } from '../../problems.ts'
import { TooManyFound } from '../../users/people.ts'
import { mediaType, urn } from './urns.ts'

/** RFC 7644, table 9: of 400, and `uniqueness` of 409. */
export type ScimType =
  | 'invalidFilter'
  | 'tooMany'
  | 'uniqueness'
  | 'mutability'
  | 'invalidSyntax'
  | 'invalidPath'
  | 'noTarget'
  | 'invalidValue'

/** What only SCIM knows to refuse. Its message goes to the caller. */
export class ScimError extends Error {
  readonly status: number
  readonly scimType: ScimType | undefined

  constructor(status: number, scimType: ScimType | undefined, detail: string) {
    super(detail)
    this.name = 'ScimError'
    this.status = status
    this.scimType = scimType
  }
}

/** RFC 7644, section 3.12: `status` is a string there. */
export type ErrorBody = {
  schemas: string[]
  status: string
  scimType?: string
  detail: string
  [member: string]: unknown
}

const scimTypes: Partial<Record<ProblemCode, ScimType>> = {
  'malformed-json': 'invalidSyntax',
  'invalid-request': 'invalidValue',
  'idempotency-key-invalid': 'invalidValue',
  'idempotency-key-missing': 'invalidValue'
}

/** A problem in SCIM's form; what programs read of it is in an extension of ours. */
export function errorOf({ title: _, status: usual, detail, ...problem }: Problem): ErrorBody {
  // What cannot be the id of a user is the id of none.
  const status = problem.code === 'invalid-user-id' ? 404 : usual
  const scimType = scimTypes[problem.code]
  return {
    schemas: [urn.error],
    status: String(status),
    ...(scimType && { scimType }),
    detail,
    [urn.problem]: problem
  }
}

/** Every error below /scim/v2, the framework's own included, leaves in SCIM's form. */
export function sendScimError(
  request: FastifyRequest,
  reply: FastifyReply,
  error: FastifyError | ScimError
): FastifyReply {
  const told = error instanceof TooManyFound ? new ScimError(400, 'tooMany', error.message) : error
  if (!(told instanceof ScimError)) return send(reply, errorOf(tellProblem(request, reply, told)))
  const { status, scimType, message } = told
  return send(reply, {
    schemas: [urn.error],
    status: String(status),
    ...(scimType && { scimType }),
    detail: message
  })
}

const send = (reply: FastifyReply, body: ErrorBody) =>
  reply
    .code(Number(body.status))
    .type(`${mediaType}; charset=utf-8`)
    .serializer((payload: ErrorBody) => JSON.stringify(payload))
    .send(body)
