import type { FastifyReply, FastifyRequest } from 'fastify'
import Type from 'typebox'
import type { Db } from '../db/pool.ts'
import { inTransaction } from '../db/transaction.ts'
import { answer, named } from '../http/answer.ts'
import type { App } from '../http/fastify.ts'
import { keepAnswer } from '../http/idempotency.ts'
import { defaultLimit, PageOf, pageQuery, readCursor, sendPage } from '../http/page.ts'
import { problemResponses } from '../http/problem.ts'
import { readTime } from '../http/time.ts'
import type { World } from '../world.ts'
import * as example from './key.examples.ts'
import { Cidrs, Groups, KeyView, Name, NewKeyView, Owner, Scopes, viewOf } from './key.schema.ts'
import { findKey, listKeys } from './key.sql.ts'
import { createKey, endKey, longestOverlap, type Made, type Maker, rotateKey, unknownKey } from './keys.ts'

const optional = Type.Optional
const keyId = '^[0-9A-Za-z]{12}$'
const KeyParams = Type.Object({ keyId: Type.String({ pattern: keyId, description: '`id` of the key' }) })
const strict = { additionalProperties: false } as const

/** Hours, days or weeks; how long they are is the same everywhere. */
const duration = '^P(?=[\\dT])(?!.*T$)(\\d{1,2}W)?(\\d{1,3}D)?(T(\\d{1,4}H)?(\\d{1,5}M)?(\\d{1,6}S)?)?$'

export function keyRoutes(app: App, { pool }: World): void {
  app.addSchema(KeyView)
  app.addSchema(NewKeyView)

  app.get(
    '/keys',
    {
      config: { access: 'keys:manage' },
      schema: {
        operationId: 'listKeys',
        tags: ['keys'],
        summary: 'API keys, newest first',
        description:
          'Never a secret. Revoked and expired ones stay in the list; `LOCKSMITH_API_KEY` is not in it.',
        querystring: Type.Object({ ...pageQuery }, strict),
        response: {
          200: answer('A page of keys', PageOf(named(KeyView)), {
            keys: { items: [example.successor, example.rotated], next: null }
          }),
          ...problemResponses('invalid-request')
        }
      }
    },
    async (request, reply) => {
      const { cursor, limit = defaultLimit } = request.query
      const found = await listKeys(pool, limit + 1, readCursor(cursor, new RegExp(keyId)))
      const page = found.slice(0, limit)
      return sendPage(reply, page.map(viewOf), found.length > limit ? page.at(-1)!.id : null)
    }
  )

  app.get(
    '/keys/:keyId',
    {
      config: { access: 'keys:manage' },
      schema: {
        operationId: 'getKey',
        tags: ['keys'],
        summary: 'One API key',
        params: KeyParams,
        response: {
          200: answer('The key, without its secret', named(KeyView), { key: example.helpdesk }),
          ...problemResponses('invalid-request', 'unknown-key')
        }
      }
    },
    async ({ params }) => {
      const row = await findKey(pool, params.keyId)
      if (!row) throw unknownKey(params.keyId)
      return viewOf(row)
    }
  )

  app.post(
    '/keys',
    {
      config: { access: 'keys:manage', idempotency: 'key' },
      schema: {
        operationId: 'createKey',
        tags: ['keys'],
        summary: 'Make an API key',
        description:
          'Nobody hands out more than they have: scopes are some of your own (`admin`: all), and what limits you limits the key as well, whether it is left out or given.',
        body: Type.Object(
          {
            name: Name,
            scopes: Scopes,
            owner: optional(Owner),
            expiresAt: optional(Type.String({ format: 'date-time', description: 'It ends then' })),
            allowedCidrs: optional(Cidrs),
            allowedGroups: optional(Groups),
            requireIdempotencyKey: optional(
              Type.Boolean({ description: 'Whatever it changes must come with an `Idempotency-Key`' })
            )
          },
          {
            ...strict,
            examples: [
              { name: 'helpdesk', scopes: ['users:read', 'users:reset'], owner: 'anna@acme.example' }
            ]
          }
        ),
        response: {
          201: answer(
            'The key, shown this once',
            named(NewKeyView),
            { newKey: { ...example.helpdesk, key: example.secretOf(example.helpdesk) } },
            location
          ),
          ...refusals
        }
      }
    },
    async (request, reply) => {
      const { expiresAt, ...rest } = request.body
      const wish = { ...rest, ...(expiresAt && { expiresAt: readTime('body/expiresAt', expiresAt) }) }
      return showOnce(request, reply, (tx) => createKey(tx, wish, makerOf(request)))
    }
  )

  app.post(
    '/keys/:keyId/rotate',
    {
      config: { access: 'keys:manage', idempotency: 'key' },
      schema: {
        operationId: 'rotateKey',
        tags: ['keys'],
        summary: 'Replace an API key',
        description:
          'A new key with the same name, scopes, owner and limits; one that expires is made for as long again, but for no longer than yours. Both work until the overlap is over.',
        params: KeyParams,
        body: Type.Object(
          {
            overlap: optional(
              Type.String({
                pattern: duration,
                maxLength: 30,
                default: 'PT24H',
                description: `How long the old key goes on: ISO 8601 duration, at most ${longestOverlap}; \`PT0S\`: not at all`
              })
            )
          },
          { ...strict, examples: [{ overlap: 'PT24H' }] }
        ),
        response: {
          201: answer(
            'The new key, shown this once',
            named(NewKeyView),
            { rotatedKey: { ...example.successor, key: example.secretOf(example.successor) } },
            location
          ),
          ...refusals,
          ...problemResponses('unknown-key', 'key-not-rotatable')
        }
      }
    },
    async (request, reply) => {
      const { overlap = 'PT24H' } = request.body
      const { keyId } = request.params
      return showOnce(request, reply, (tx) => rotateKey(tx, keyId, overlap, makerOf(request)))
    }
  )

  app.delete(
    '/keys/:keyId',
    {
      config: { access: 'keys:manage', idempotency: 'key' },
      schema: {
        operationId: 'revokeKey',
        tags: ['keys'],
        summary: 'Revoke an API key',
        description: 'For good, and within a second in all processes. What it began goes on.',
        params: KeyParams,
        response: {
          200: answer('It is revoked', named(KeyView), { revokedKey: example.revoked }),
          ...problemResponses('invalid-request', 'unknown-key')
        }
      }
    },
    async (request) =>
      viewOf(await inTransaction(pool, (tx) => endKey(tx, request.params.keyId, makerOf(request))))
  )

  /** A key is shown to whoever has it made, this once: a repeated request gets the answer without it. */
  async function showOnce(request: FastifyRequest, reply: FastifyReply, make: (tx: Db) => Promise<Made>) {
    const { row, key } = await inTransaction(pool, async (tx) => {
      const made = await make(tx)
      await keepAnswer(request, tx, 201, viewOf(made.row))
      return made
    })
    return reply
      .code(201)
      .header('location', `/keys/${row.id}`)
      .send({ ...viewOf(row), key })
  }
}

const location = { location: { type: 'string', description: 'Where to look: `/keys/{id}`' } } as const

const refusals = problemResponses(
  'malformed-json',
  'invalid-request',
  'beyond-own-rights',
  'body-too-large',
  'unsupported-media-type'
)

const makerOf = (request: FastifyRequest): Maker => ({ caller: request.caller!, requestId: request.id })
