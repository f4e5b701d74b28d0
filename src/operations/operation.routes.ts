import type { FastifyRequest } from 'fastify'
import Type from 'typebox'
import { selvesOf } from '../access/scope.ts'
import { inVain } from '../db/transaction.ts'
import { actorOf, needScopes } from '../http/access.ts'
import { answer as answerOf } from '../http/answer.ts'
import type { App } from '../http/fastify.ts'
import { defaultLimit, PageOf, pageQuery, readCursor, sendPage } from '../http/page.ts'
import { nextcloudProblems, problemResponses } from '../http/problem.ts'
import { UserId } from '../http/user-id.ts'
import { refuseOutsiders } from '../users/groups.ts'
import { uuidForm } from '../uuid.ts'
import type { World } from '../world.ts'
import { accepted, isDry, operationAnswers, Prefer } from './begin.routes.ts'
import { cancelOperation } from './cancel.ts'
import { DryRunQuery, dryRunSchema, viewOfTried } from './dry-run.schema.ts'
import { estimate } from './estimate.ts'
import * as example from './operation.examples.ts'
import { OperationView, operationSchema, viewOf } from './operation.schema.ts'
import { findOperation, listOperations } from './operation.sql.ts'
import { kinds, type Operation, states } from './operation.ts'
import { nobody, retryOperation, unknownOperation } from './request.ts'
import { scopesOf } from './scopes.ts'

const OperationParams = Type.Object({
  operationId: Type.String({
    format: 'uuid',
    description: '`id` of the operation, with which `Location` ends'
  })
})

export function operationRoutes(app: App, world: World): void {
  const { once, answer, waited } = operationAnswers(world)
  app.addSchema(operationSchema)
  app.addSchema(dryRunSchema)

  app.get(
    '/operations',
    {
      config: { access: 'users:read', groups: 'heeded' },
      schema: {
        operationId: 'listOperations',
        tags: ['operations'],
        summary: 'Operations, newest first',
        querystring: Type.Object(
          {
            userId: Type.Optional(UserId),
            state: Type.Optional(Type.Enum([...states], { description: 'How they stand' })),
            kind: Type.Optional(Type.Enum([...kinds], { description: 'What they do' })),
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
      const before = readCursor(cursor, uuidForm)
      const found = await listOperations(world.pool, {
        ...filter,
        ...(request.caller!.groups && { requestedBy: selvesOf(request.caller!) }),
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
      config: { access: 'users:read', groups: 'heeded' },
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
      const { operationId } = request.params
      if (request.caller!.groups) await findOwn(request, operationId)
      const operation = await waited(request, operationId)
      if (!operation) throw unknownOperation(operationId)
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
      config: { access: 'any-key', groups: 'heeded', idempotency: 'key' },
      schema: {
        operationId: 'retryOperation',
        tags: ['operations'],
        summary: 'Let an operation that needs attention go on',
        description:
          'Checks the user again and goes on where it stopped. One that stopped at its mail mails again: the newest link wins. The key needs the scopes by which such an operation is begun.',
        params: OperationParams,
        headers: Prefer,
        querystring: DryRunQuery,
        response: {
          ...accepted({ resetRetried: example.resetRetried }, { resetSucceeded: example.resetSucceeded }),
          ...problemResponses(
            'invalid-request',
            'unknown-operation',
            'operation-not-retryable',
            'operation-already-running',
            'brake-reached',
            'unknown-user',
            'own-account',
            'protected-user',
            'protected-users-unresolved',
            'stopped',
            ...nextcloudProblems
          )
        }
      }
    },
    async (request, reply) => {
      const { operationId } = request.params
      const { userId } = await needScopesOf(request, operationId)
      // Who left the caller's groups meanwhile is touched no more.
      await refuseOutsiders(world.nextcloud, request.caller!, userId)
      if (isDry(request)) {
        const tried = await retryOperation(world, operationId, actorOf(request), request.id, nobody, inVain)
        return reply.send(viewOfTried(tried))
      }
      const recorded = await once(request, (witness) =>
        retryOperation(world, operationId, actorOf(request), request.id, witness)
      )
      return answer(request, reply, recorded)
    }
  )

  app.post(
    '/operations/:operationId/cancel',
    {
      config: { access: 'any-key', groups: 'heeded', idempotency: 'key' },
      schema: {
        operationId: 'cancelOperation',
        tags: ['operations'],
        summary: 'Stop an operation',
        description:
          'One that has changed nothing is `cancelled`. One that has begun to ends as `needs-attention`, since its user may be locked out without a mail: `retry` goes on, a second `cancel` closes it. One that runs stops before its next step; one that is `scheduled` does not begin. The key needs the scopes by which such an operation is begun.',
        params: OperationParams,
        headers: Prefer,
        querystring: DryRunQuery,
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
      await needScopesOf(request, operationId)
      if (isDry(request)) {
        const tried = await cancelOperation(world, operationId, actorOf(request), request.id, nobody, inVain)
        return reply.send(viewOfTried(tried))
      }
      const found = await once(request, (witness) =>
        cancelOperation(world, operationId, actorOf(request), request.id, witness)
      )
      return answer(request, reply, found)
    }
  )

  /** @throws DomainError unknown-operation, missing-scope */
  async function needScopesOf(request: FastifyRequest, id: string): Promise<Operation> {
    const operation = await findOwn(request, id)
    needScopes(request, scopesOf(operation.kind, operation.input))
    return operation
  }

  /** Who is limited to groups has only what it began itself. @throws DomainError unknown-operation */
  async function findOwn({ caller }: FastifyRequest, id: string): Promise<Operation> {
    const operation = await findOperation(world.pool, id)
    const isOwn = operation && (selvesOf(caller!) as string[]).includes(operation.requestedBy)
    if (!operation || (caller!.groups && !isOwn)) throw unknownOperation(id)
    return operation
  }
}
