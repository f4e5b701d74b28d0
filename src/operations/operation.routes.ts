import type { FastifyReply, FastifyRequest } from 'fastify'
import Type from 'typebox'
import { actorOf } from '../http/access.ts'
import { answer as answerOf } from '../http/answer.ts'
import type { App } from '../http/fastify.ts'
import { witnessOf } from '../http/idempotency.ts'
import { defaultLimit, PageOf, pageQuery, readCursor, sendPage } from '../http/page.ts'
import { problemResponses } from '../http/problem.ts'
import { UserId, UserParams } from '../http/user-id.ts'
import type { World } from '../world.ts'
import { cancelOperation } from './cancel.ts'
import { estimate } from './estimate.ts'
import * as example from './operation.examples.ts'
import { Mail, OperationView, operationSchema, Revoke, viewOf } from './operation.schema.ts'
import { findOperation, listOperations } from './operation.sql.ts'
import { type Input, isFinal, type Kind, kinds, type Operation, states } from './operation.ts'
import { requestOperation, retryOperation, unknownOperation, type Witness } from './request.ts'
import { readWait, waitForOperation } from './wait.ts'

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

const reason = Type.Optional(
  Type.String({
    minLength: 1,
    maxLength: 500,
    description: 'Why; kept in the audit',
    examples: ['phone lost']
  })
)
// No example: Swagger UI would fill it in, and so hide the 202 that callers have to know.
const Prefer = Type.Object({
  prefer: Type.Optional(
    Type.String({
      description:
        '`wait=20`: wait up to 20 (at most 60) seconds for it to finish, and answer with what came of it'
    })
  )
})
const OperationParams = Type.Object({
  operationId: Type.String({
    format: 'uuid',
    description: '`id` of the operation, with which `Location` ends'
  })
})

const headers = {
  location: { type: 'string', description: 'Where to look: `/operations/{id}`' },
  'preference-applied': { type: 'string', description: '`wait=N`, where `Prefer` asked for it' }
} as const

/** Answers of what begins an operation, or lets one go on. */
const accepted = (queued: Record<string, OperationView>, finished: Record<string, OperationView>) => ({
  200: answerOf('Finished: only with `Prefer: wait=N`, within that time', OperationView, finished, headers),
  202: answerOf('Recorded: it goes on by itself, also through a restart', OperationView, queued, headers)
})
const notEligible = problemResponses(
  'malformed-json',
  'invalid-request',
  'invalid-user-id',
  'unknown-user',
  'own-account',
  'user-disabled',
  'password-reset-off',
  'operation-already-running',
  'body-too-large',
  'unsupported-media-type',
  'no-mail-address',
  'cannot-set-password',
  'two-factor-user',
  'two-factor-enforced',
  'encryption-per-user-keys',
  'smtp-not-configured'
)

export function operationRoutes(app: App, world: World): void {
  const { config } = world
  app.addSchema(operationSchema)

  app.post(
    '/users/:userId/reset',
    {
      config: { access: 'users:reset', idempotency: 'key' },
      schema: {
        operationId: 'resetUser',
        tags: ['users'],
        summary: 'Reset a user',
        description:
          'Replaces the password by a random one that nobody knows, revokes every session and app password, kills a reset link mailed earlier, and has the reset mail sent. Where that cannot work, it is refused before anything is changed.',
        params: UserParams,
        headers: Prefer,
        body: Type.Object(
          {
            reason,
            mail: Type.Optional({ ...Mail, default: config.MAIL_VIA }),
            revoke: Type.Optional({ ...Revoke, default: 'all' })
          },
          { additionalProperties: false, examples: [{ reason: 'phone lost' }] }
        ),
        response: {
          ...accepted({ resetQueued: example.resetQueued }, { resetSucceeded: example.resetSucceeded }),
          ...notEligible
        }
      }
    },
    async (request, reply) => {
      const { mail = config.MAIL_VIA, revoke = 'all', ...rest } = request.body
      return begin(request, reply, 'reset', request.params.userId, { ...rest, mail, revoke })
    }
  )

  app.post(
    '/users/:userId/reset-mail',
    {
      config: { access: 'users:reset', idempotency: 'key' },
      schema: {
        operationId: 'sendResetMail',
        tags: ['users'],
        summary: 'Have the "forgot password" mail sent',
        description:
          'Asks Nextcloud for its reset mail and changes nothing else: password, sessions and app passwords stay as they are.',
        params: UserParams,
        headers: Prefer,
        body: Type.Object(
          { reason },
          { additionalProperties: false, examples: [{ reason: 'asked by phone' }] }
        ),
        response: {
          ...accepted(
            { resetMailQueued: example.resetMailQueued },
            { resetMailSucceeded: example.resetMailSucceeded }
          ),
          ...notEligible
        }
      }
    },
    async (request, reply) =>
      begin(request, reply, 'reset-mail', request.params.userId, {
        ...request.body,
        mail: 'nextcloud',
        revoke: 'none'
      })
  )

  app.get(
    '/operations',
    {
      config: { access: 'users:read' },
      schema: {
        operationId: 'listOperations',
        tags: ['operations'],
        summary: 'Operations, newest first',
        querystring: Type.Object(
          {
            userId: Type.Optional(UserId),
            state: Type.Optional(Type.Enum([...states])),
            kind: Type.Optional(Type.Enum([...kinds])),
            ...pageQuery
          },
          { additionalProperties: false }
        ),
        response: {
          200: answerOf('A page of operations', PageOf(OperationView), {
            operations: { items: [example.resetMailSucceeded, example.resetSucceeded], next: null }
          }),
          ...problemResponses('invalid-request')
        }
      }
    },
    async (request, reply) => {
      const { cursor, limit = defaultLimit, ...filter } = request.query
      const before = readCursor(cursor, uuid)
      const found = await listOperations(world.pool, {
        ...filter,
        ...(before && { before }),
        limit: limit + 1
      })
      const page = found.slice(0, limit)
      return sendPage(reply, page.map(viewOf), found.length > limit ? page.at(-1)!.id : null)
    }
  )

  app.get(
    '/operations/:operationId',
    {
      config: { access: 'users:read' },
      schema: {
        operationId: 'getOperation',
        tags: ['operations'],
        summary: 'One operation, with its steps and outcome',
        params: OperationParams,
        headers: Prefer,
        response: {
          200: answerOf('The operation as it is now', OperationView, {
            resetSucceeded: example.resetSucceeded,
            resetNeedsAttention: example.resetNeedsAttention
          }),
          ...problemResponses('invalid-request', 'unknown-operation')
        }
      }
    },
    async (request, reply) => {
      const operation = await waited(request, request.params.operationId)
      if (!operation) throw unknownOperation(request.params.operationId)
      const expected = await estimate(world, operation)
      return reply.send({
        ...viewOf(operation),
        ...(expected && { estimate: { ...expected, finishedAt: expected.finishedAt.toISOString() } })
      })
    }
  )

  app.post(
    '/operations/:operationId/retry',
    {
      config: { access: 'users:reset', idempotency: 'key' },
      schema: {
        operationId: 'retryOperation',
        tags: ['operations'],
        summary: 'Let an operation that needs attention go on',
        description:
          'Checks the user again and goes on where it stopped. One that stopped at its mail mails again: the newest link wins.',
        params: OperationParams,
        headers: Prefer,
        response: {
          ...accepted({ resetRetried: example.resetRetried }, { resetSucceeded: example.resetSucceeded }),
          ...problemResponses(
            'invalid-request',
            'unknown-operation',
            'operation-not-retryable',
            'operation-already-running'
          )
        }
      }
    },
    async (request, reply) => {
      const { operationId } = request.params
      const recorded = await once(request, (witness) =>
        retryOperation(world, operationId, actorOf(request), request.id, witness)
      )
      return answer(request, reply, recorded)
    }
  )

  app.post(
    '/operations/:operationId/cancel',
    {
      config: { access: 'users:reset', idempotency: 'key' },
      schema: {
        operationId: 'cancelOperation',
        tags: ['operations'],
        summary: 'Stop an operation',
        description:
          'One that has changed nothing is `cancelled`. One that has begun to ends as `needs-attention`, since its user may be locked out without a mail: `retry` goes on, a second `cancel` closes it. One that runs stops before its next step.',
        params: OperationParams,
        headers: Prefer,
        response: {
          ...accepted(
            { resetStopping: example.resetStopping },
            { resetCancelled: example.resetCancelled, resetStoppedHalfway: example.resetStoppedHalfway }
          ),
          ...problemResponses('invalid-request', 'unknown-operation', 'operation-not-cancellable')
        }
      }
    },
    async (request, reply) => {
      const { operationId } = request.params
      const found = await once(request, (witness) =>
        cancelOperation(world, operationId, actorOf(request), request.id, witness)
      )
      return answer(request, reply, found)
    }
  )

  async function begin(
    request: FastifyRequest,
    reply: FastifyReply,
    kind: Kind,
    userId: string,
    input: Input
  ) {
    const asked = { kind, userId, input, actor: actorOf(request), requestId: request.id }
    const recorded = await once(request, (witness) => requestOperation(world, asked, witness))
    return answer(request, reply, recorded)
  }

  /** Begins it, unless a request with the same `Idempotency-Key` has, and its process died before the answer. */
  async function once(request: FastifyRequest, begin: (witness: Witness) => Promise<Operation>) {
    const id = request.idempotency?.operationId
    if (!id) return begin(witnessOf(request))
    const begun = await findOperation(world.pool, id)
    if (!begun) throw unknownOperation(id)
    return begun
  }

  /** It is recorded: whatever fails while we wait for its end, the caller learns where to look. */
  async function answer(request: FastifyRequest, reply: FastifyReply, recorded: Operation) {
    const seconds = readWait(request.headers.prefer)
    const later =
      seconds === undefined ? undefined : await waited(request, recorded.id).catch(() => undefined)
    const operation = later ?? recorded
    if (seconds !== undefined) reply.header('preference-applied', `wait=${seconds}`)
    return reply
      .code(isFinal(operation.state) && seconds !== undefined ? 200 : 202)
      .header('location', `/operations/${operation.id}`)
      .send(viewOf(operation))
  }

  async function waited(request: FastifyRequest, id: string) {
    const seconds = readWait(request.headers.prefer)
    if (seconds === undefined) return findOperation(world.pool, id)
    const gone = new AbortController()
    const hangUp = () => gone.abort()
    request.raw.socket.once('close', hangUp)
    try {
      return await waitForOperation(world, id, seconds, gone.signal)
    } finally {
      request.raw.socket.off('close', hangUp)
    }
  }
}
