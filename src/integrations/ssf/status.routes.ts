/** Status and verification of streams (SSF 1.0, 8.1.2 and 8.1.4). */
import Type from 'typebox'
import { inTransaction } from '../../db/transaction.ts'
import { callerOf } from '../../http/access.ts'
import { answer, named } from '../../http/answer.ts'
import type { App } from '../../http/fastify.ts'
import { problemResponses } from '../../http/problem.ts'
import type { World } from '../../world.ts'
import * as example from './ssf.examples.ts'
import { access, holderOf } from './stream.routes.ts'
import {
  StatusBody,
  StatusView,
  StreamId,
  statusOf,
  VerificationBody,
  verificationInterval
} from './stream.schema.ts'
import { findStream } from './stream.sql.ts'
import { askForVerification, changeStatus, transmitterOf, unknownStream } from './stream.ts'

export function statusRoutes(app: App, world: World): void {
  const { pool } = world
  app.addSchema(StatusView)

  app.get(
    '/ssf/status',
    {
      config: { access: 'streams:manage' },
      schema: {
        operationId: 'getStreamStatus',
        tags: ['signals'],
        summary: 'Whether anything is sent over a stream',
        querystring: Type.Object({ stream_id: StreamId }, { additionalProperties: false }),
        response: {
          200: answer('The status, and why', named(StatusView), { streamStatus: example.failing }),
          ...problemResponses('invalid-request', 'ssf-not-configured', 'unknown-stream')
        }
      }
    },
    async (request) => {
      transmitterOf(world)
      const { stream_id: id } = request.query
      const found = await findStream(pool, id, callerOf(request).owner)
      if (!found) throw unknownStream(id)
      return statusOf(found)
    }
  )

  app.post(
    '/ssf/status',
    {
      config: access,
      schema: {
        operationId: 'setStreamStatus',
        tags: ['signals'],
        summary: 'Pause a stream, disable it, or enable it again',
        description:
          'While it is paused, what happens is kept for `KEEP_WEBHOOK_DELIVERIES_DAYS`, and sent in its order once it is enabled. While it is disabled nothing is kept.',
        body: { ...StatusBody, examples: [example.paused] },
        response: {
          200: answer('As it is now', named(StatusView), { changedStreamStatus: example.paused }),
          ...problemResponses('ssf-not-configured', 'unknown-stream')
        }
      }
    },
    async (request) => {
      transmitterOf(world)
      const { stream_id: id, status, reason } = request.body
      return statusOf(
        await inTransaction(pool, (tx) => changeStatus(tx, id, status, reason, holderOf(request)))
      )
    }
  )

  app.post(
    '/ssf/verify',
    {
      config: access,
      schema: {
        operationId: 'verifyStream',
        tags: ['signals'],
        summary: 'Have a verification event sent over a stream',
        description: `It is sent within a second or so, beside what else is due; while the stream is paused, once it is enabled. Once in ${verificationInterval} s.`,
        body: { ...VerificationBody, examples: [example.verification] },
        response: {
          204: Type.Null({ description: 'It is due' }),
          ...problemResponses(
            'ssf-not-configured',
            'unknown-stream',
            'stream-disabled',
            'verification-too-soon'
          )
        }
      }
    },
    async (request, reply) => {
      transmitterOf(world)
      const { stream_id: id, state } = request.body
      const { owner } = callerOf(request)
      const asking = { owner, interval: verificationInterval }
      await inTransaction(pool, (tx) => askForVerification(tx, id, state, asking))
      return reply.code(204).send(null)
    }
  )
}
