/** The configuration endpoint of SSF 1.0 (8.1.1): receivers make, see, change and delete their streams. */
import type { FastifyRequest } from 'fastify'
import Type from 'typebox'
import { inTransaction } from '../../db/transaction.ts'
import { callerOf } from '../../http/access.ts'
import { answer, named } from '../../http/answer.ts'
import type { App } from '../../http/fastify.ts'
import { keepAnswer } from '../../http/idempotency.ts'
import { problemResponses } from '../../http/problem.ts'
import type { World } from '../../world.ts'
import { byOf } from '../webhooks/endpoint.routes.ts'
import * as example from './ssf.examples.ts'
import {
  ChangedStreamBody,
  NewStreamBody,
  ReplacedStreamBody,
  StreamId,
  StreamView,
  viewOf
} from './stream.schema.ts'
import { findStream, listStreams, type Stream } from './stream.sql.ts'
import {
  changeStream,
  createStream,
  type Holder,
  refuseOther,
  removeStream,
  transmitterOf,
  unknownStream
} from './stream.ts'

const strict = { additionalProperties: false } as const
export const access = { access: 'streams:manage', idempotency: 'key' } as const

const changeProblems = [
  'ssf-not-configured',
  'unknown-stream',
  'webhook-url-not-allowed',
  'webhooks-not-configured'
] as const

export const holderOf = (request: FastifyRequest): Holder => ({
  ...byOf(request),
  owner: callerOf(request).owner
})

export function streamRoutes(app: App, world: World): void {
  const { pool, vault, outbound } = world
  const means = { vault, outbound }
  app.addSchema(StreamView)
  const show = (stream: Stream) => viewOf(stream, transmitterOf(world).issuer)

  app.get(
    '/ssf/streams',
    {
      config: { access: 'streams:manage' },
      schema: {
        operationId: 'getStreams',
        tags: ['signals'],
        summary: 'Your streams, or one of them',
        description:
          'A list of all of them, or with `stream_id` that one. Those of other owners are not there.',
        querystring: Type.Object({ stream_id: Type.Optional(StreamId) }, strict),
        response: {
          200: answer(
            'All as a list, or one',
            Type.Union([named(StreamView), Type.Array(named(StreamView))]),
            {
              stream: example.stream,
              streams: [example.stream]
            }
          ),
          ...problemResponses('invalid-request', 'ssf-not-configured', 'unknown-stream')
        }
      }
    },
    async (request) => {
      transmitterOf(world)
      const { owner } = callerOf(request)
      const { stream_id: id } = request.query
      if (id === undefined) return (await listStreams(pool, owner)).map(show)
      const found = await findStream(pool, id, owner)
      if (!found) throw unknownStream(id)
      return show(found)
    }
  )

  app.post(
    '/ssf/streams',
    {
      config: access,
      schema: {
        operationId: 'createStream',
        tags: ['signals'],
        summary: 'Have security events pushed to a receiver',
        description:
          'Create Stream of the Shared Signals Framework 1.0. `aud` may be sent, beside what the specification has. The stream is of the owner of your key. 50 at most.',
        body: { ...NewStreamBody, examples: [example.wish] },
        response: {
          201: answer('The stream', named(StreamView), { createdStream: example.stream }),
          ...problemResponses(
            'ssf-not-configured',
            'webhook-url-not-allowed',
            'webhooks-not-configured',
            'too-many-streams'
          )
        }
      }
    },
    async (request, reply) => {
      const { issuer } = transmitterOf(world)
      refuseOther({ iss: issuer }, request.body)
      const view = await inTransaction(pool, async (tx) => {
        const made = show(await createStream(tx, request.body, means, holderOf(request)))
        await keepAnswer(request, tx, 201, made)
        return made
      })
      return reply.code(201).send(view)
    }
  )

  app.patch(
    '/ssf/streams',
    {
      config: access,
      schema: {
        operationId: 'changeStream',
        tags: ['signals'],
        summary: 'Change a stream',
        description:
          'What is left out stays as it is; `delivery` is changed as a whole. What Locksmith supplies may be sent, as it was shown.',
        body: { ...ChangedStreamBody, examples: [example.change] },
        response: {
          200: answer('As it is now', named(StreamView), { changedStream: example.stream }),
          ...problemResponses(...changeProblems)
        }
      }
    },
    (request) => change(request, request.body, false)
  )

  app.put(
    '/ssf/streams',
    {
      config: access,
      schema: {
        operationId: 'replaceStream',
        tags: ['signals'],
        summary: 'Replace the configuration of a stream',
        description:
          'What a receiver supplies and is left out is deleted. What Locksmith supplies may be sent, as it was shown.',
        body: { ...ReplacedStreamBody, examples: [{ stream_id: example.streamId, ...example.wish }] },
        response: {
          200: answer('As it is now', named(StreamView), { replacedStream: example.stream }),
          ...problemResponses(...changeProblems)
        }
      }
    },
    (request) => change(request, request.body, true)
  )

  app.delete(
    '/ssf/streams',
    {
      config: access,
      schema: {
        operationId: 'deleteStream',
        tags: ['signals'],
        summary: 'Delete a stream',
        description: 'What was still to be sent is not.',
        querystring: Type.Object({ stream_id: StreamId }, strict),
        response: {
          204: Type.Null({ description: 'It is gone' }),
          ...problemResponses('ssf-not-configured', 'unknown-stream')
        }
      }
    },
    async (request, reply) => {
      transmitterOf(world)
      await inTransaction(pool, (tx) => removeStream(tx, request.query.stream_id, holderOf(request)))
      return reply.code(204).send(null)
    }
  )

  async function change(
    request: FastifyRequest,
    body: ChangedStreamBody | ReplacedStreamBody,
    whole: boolean
  ): Promise<StreamView> {
    transmitterOf(world)
    return show(
      await inTransaction(pool, (tx) => changeStream(tx, body, { whole, show }, means, holderOf(request)))
    )
  }
}
