import type { components } from './schema.ts'

/** RFC 9457: what went wrong, what was and was not done, what to do next. */
export type Problem = components['schemas']['Problem']
/** The stable name of a problem, and the last part of its `type`. */
export type ProblemCode = Problem['code']
export type Operation = components['schemas']['Operation']

/** Which call it was. Nothing here is a secret: headers of the request are not kept. */
export type Call = {
  method: string
  /** As in the document, with `{userId}` and not the user's id. */
  path: string
  status?: number
  /** By which Locksmith's log knows it. */
  requestId?: string
  /** Send the same request with it, and it is done once however often. */
  idempotencyKey?: string
  /** It is what the same request was answered earlier. */
  replayed?: boolean
}

/** No answer, or one that is not Locksmith's. After a mutation it is not known whether it was done. */
export class LocksmithError extends Error {
  override readonly name: string = 'LocksmithError'
  readonly method: string
  readonly path: string
  readonly status: number | undefined
  readonly requestId: string | undefined
  readonly idempotencyKey: string | undefined
  readonly replayed: boolean

  constructor(message: string, call: Call, options?: ErrorOptions) {
    super(`${call.method} ${call.path}: ${message}`, options)
    this.method = call.method
    this.path = call.path
    this.status = call.status
    this.requestId = call.requestId
    this.idempotencyKey = call.idempotencyKey
    this.replayed = call.replayed === true
  }
}

/** Locksmith refused, and says why. */
export class LocksmithProblem extends LocksmithError {
  override readonly name = 'LocksmithProblem'
  declare readonly status: number
  readonly code: ProblemCode
  readonly title: string
  readonly detail: string
  /** All of it, with what some problems have besides, such as `operation`. */
  readonly problem: Problem

  constructor(problem: Problem, call: Call) {
    super(`${problem.code}: ${problem.detail}`, { ...call, status: problem.status })
    this.code = problem.code
    this.title = problem.title
    this.detail = problem.detail
    this.problem = problem
  }
}

/** The operation goes on, and was not waited for any longer. */
export class LocksmithTimeout extends Error {
  override readonly name = 'LocksmithTimeout'
  /** As it was seen last: `problem` says what it waits for. */
  readonly operation: Operation

  constructor(operation: Operation, afterMs: number) {
    super(`operation ${operation.id} is ${operation.state} after ${afterMs} ms`)
    this.operation = operation
  }
}

/** What an answer that is no success means. @param body as it was read */
export function errorOf(call: Call, body: unknown): LocksmithError {
  const problem = problemIn(body)
  if (problem) return new LocksmithProblem(problem, call)
  return new LocksmithError(`answered ${call.status}, and no problem of Locksmith`, call)
}

const inScim = 'urn:locksmith:params:scim:api:messages:1.0:Problem'

function problemIn(body: unknown): Problem | undefined {
  if (!isObject(body)) return undefined
  if (isProblem(body)) return body
  // RFC 7644: the status is a text, and there is no title.
  const { status, detail, [inScim]: told } = body
  const problem = isObject(told) && { title: told.code, detail, ...told, status: Number(status) }
  return problem && isProblem(problem) ? problem : undefined
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null

const isProblem = (value: Record<string, unknown>): value is Problem =>
  typeof value.code === 'string' &&
  typeof value.title === 'string' &&
  typeof value.status === 'number' &&
  typeof value.detail === 'string'
