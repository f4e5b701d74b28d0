import type { RouteOptions } from 'fastify'
import Type, { type TObject } from 'typebox'
import { withProblems } from './problem.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * On a route that changes something: it honours `Idempotency-Key`, or why it need not. One that says
     * neither fails at start.
     */
    idempotency?: 'key' | { none: string }
  }
}

const changes = ['POST', 'PUT', 'PATCH', 'DELETE']

// No example: Swagger UI would fill it in, and every try would get the answer to the first.
const header = Type.Optional(
  Type.String({
    description:
      'A name of your choice for this request, such as a UUID: 1 to 255 visible ASCII characters, bare or in double quotes. The same request with the same key is done once, and answered as the first time'
  })
)
const replayed = {
  'idempotency-replayed': {
    type: 'string',
    description: '`true` where this is what the first request with the same `Idempotency-Key` was answered'
  }
}

/** For `onRoute`: no mutation without a word on doing it twice, and the document says which word. */
export function declareIdempotency(route: RouteOptions): void {
  const { idempotency, access } = route.config ?? {}
  const mutates = [route.method].flat().some((method) => changes.includes(method))
  if (idempotency === undefined && mutates)
    throw new Error(`${route.method} ${route.url} does not declare whether it honours Idempotency-Key`)
  if (idempotency !== 'key') return
  if (access === 'public') throw new Error(`${route.method} ${route.url} is public: a key has an owner`)
  const { schema = {} } = route
  const headers = schema.headers as TObject | undefined
  route.schema = {
    ...schema,
    headers: Type.Object({ ...headers?.properties, 'idempotency-key': header }),
    response: withProblems(
      withReplayed((schema.response ?? {}) as Answers),
      'idempotency-key-missing',
      'idempotency-key-invalid',
      'idempotency-key-in-flight',
      'idempotency-key-reused'
    )
  }
}

type Answers = Record<string, { headers?: object }>

const withReplayed = (answers: Answers): Answers =>
  Object.fromEntries(
    Object.entries(answers).map(([status, answer]) => [
      status,
      answer.headers ? { ...answer, headers: { ...answer.headers, ...replayed } } : answer
    ])
  )
