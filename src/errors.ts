import { type ProblemCode, problems } from './problems.ts'

export type { ProblemCode }

/** A problem as callers see it (RFC 9457) and as operations store it. Holds no secret by construction. */
export type Problem = {
  /** Stable and readable: a page of the same name is served there. */
  type: string
  code: ProblemCode
  title: string
  status: number
  /** One or two sentences: what happened, what was and was not done, what to do next. */
  detail: string
  [member: string]: unknown
}

/**
 * An error with a public face. `detail` and `extra` go to callers and into the database;
 * `cause` stays in our log (redacted), so nothing private can slip out through a message.
 */
export class DomainError extends Error {
  readonly code: ProblemCode
  readonly extra: Record<string, unknown>
  readonly headers: Record<string, string>

  constructor(
    code: ProblemCode,
    detail: string,
    {
      cause,
      extra = {},
      headers = {}
    }: { cause?: unknown; extra?: Record<string, unknown>; headers?: Record<string, string> } = {}
  ) {
    super(detail, { cause })
    this.name = 'DomainError'
    this.code = code
    this.extra = extra
    this.headers = headers
  }

  get problem(): Problem {
    return problemOf(this.code, this.message, this.extra)
  }
}

export function problemOf(code: ProblemCode, detail: string, extra: Record<string, unknown> = {}): Problem {
  const { status, title } = problems[code]
  return { type: `/problems/${code}`, code, title, status, detail, ...extra }
}
