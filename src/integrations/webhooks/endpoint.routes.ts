import type { FastifyReply, FastifyRequest } from 'fastify'
import Type from 'typebox'
import type { Db } from '../../db/pool.ts'
import { inTransaction } from '../../db/transaction.ts'
import { actorOf } from '../../http/access.ts'
import { answer, named } from '../../http/answer.ts'
import type { App } from '../../http/fastify.ts'
import { keepAnswer } from '../../http/idempotency.ts'
import { defaultLimit, PageOf, pageQuery, readCursor, sendPage } from '../../http/page.ts'
import { problemResponses } from '../../http/problem.ts'
import { uuidForm } from '../../uuid.ts'
import type { World } from '../../world.ts'
import { Description, Events, NewWebhookView, Url, viewOf, WebhookView } from './endpoint.schema.ts'
import { findEndpoint, listEndpoints } from './endpoint.sql.ts'
import {
  type By,
  changeEndpoint,
  createEndpoint,
  longestOverlap,
  type Made,
  removeEndpoint,
  rotateSecret,
  unknownWebhook
} from './endpoint.ts'
import * as example from './webhook.examples.ts'

const optional = Type.Optional
const strict = { additionalProperties: false } as const

export const WebhookParams = Type.Object({
  webhookId: Type.String({ format: 'uuid', description: '`id` of the webhook' })
})

/** ISO 8601; `PT0S` is none at all. */
const overlap = '^P(?=[\\dT])(?!.*T$)(\\d{1,2}W)?(\\d{1,3}D)?(T(\\d{1,4}H)?(\\d{1,5}M)?(\\d{1,6}S)?)?$'

export function webhookRoutes(app: App, { pool, vault, outbound }: World): void {
  app.addSchema(WebhookView)
  app.addSchema(NewWebhookView)

  app.get(
    '/webhooks',
    {
      config: { access: 'webhooks:manage' },
      schema: {
        operationId: 'listWebhooks',
        tags: ['webhooks'],
        summary: 'Webhooks, newest first',
        description: 'Never a secret.',
        querystring: Type.Object({ ...pageQuery }, strict),
        response: {
          200: answer('A page of webhooks', PageOf(named(WebhookView)), {
            webhooks: { items: [example.tickets], next: null }
          }),
          ...problemResponses('invalid-request')
        }
      }
    },
    async (request, reply) => {
      const { cursor, limit = defaultLimit } = request.query
      const found = await listEndpoints(pool, limit + 1, readCursor(cursor, uuidForm))
      const page = found.slice(0, limit)
      return sendPage(reply, page.map(viewOf), found.length > limit ? page.at(-1)!.id : null)
    }
  )

  app.get(
    '/webhooks/:webhookId',
    {
      config: { access: 'webhooks:manage' },
      schema: {
        operationId: 'getWebhook',
        tags: ['webhooks'],
        summary: 'One webhook',
        params: WebhookParams,
        response: {
          200: answer('The webhook, without its secret', named(WebhookView), { webhook: example.tickets }),
          ...problemResponses('invalid-request', 'unknown-webhook')
        }
      }
    },
    async ({ params }) => {
      const found = await findEndpoint(pool, params.webhookId)
      if (!found) throw unknownWebhook(params.webhookId)
      return viewOf(found)
    }
  )

  app.post(
    '/webhooks',
    {
      config: { access: 'webhooks:manage', idempotency: 'key' },
      schema: {
        operationId: 'createWebhook',
        tags: ['webhooks'],
        summary: 'Have a URL told of what happens',
        description:
          'After [Standard Webhooks](https://www.standardwebhooks.com): signed with HMAC-SHA256, the same `webhook-id` at every try, ten tries in three days. 50 at most.',
        body: Type.Object(
          { url: Url, description: optional(Description), events: optional(Events) },
          {
            ...strict,
            examples: [
              {
                url: example.tickets.url,
                description: example.tickets.description,
                events: ['operation.needs-attention', 'approval.requested']
              }
            ]
          }
        ),
        response: {
          201: answer(
            'The webhook, its secret shown this once',
            named(NewWebhookView),
            { newWebhook: { ...example.tickets, secret: example.secret } },
            { location: { type: 'string', description: 'Where to look: `/webhooks/{id}`' } }
          ),
          ...problemResponses('webhooks-not-configured', 'webhook-url-not-allowed', 'too-many-webhooks')
        }
      }
    },
    async (request, reply) =>
      showOnce(request, reply, 201, (tx) =>
        createEndpoint(tx, request.body, { vault, outbound }, byOf(request))
      )
  )

  app.patch(
    '/webhooks/:webhookId',
    {
      config: { access: 'webhooks:manage', idempotency: 'key' },
      schema: {
        operationId: 'changeWebhook',
        tags: ['webhooks'],
        summary: 'Change a webhook, or let it rest',
        description:
          'While one is disabled nothing is recorded for it; what waits for it is kept, and sent once it is enabled again.',
        params: WebhookParams,
        body: Type.Object(
          {
            url: optional(Url),
            description: optional(Description),
            events: optional(Type.Union([Events, Type.Null()], { description: 'null: everything' })),
            enabled: optional(Type.Boolean())
          },
          { ...strict, examples: [{ enabled: true }] }
        ),
        response: {
          200: answer('As it is now', named(WebhookView), { changedWebhook: example.tickets }),
          ...problemResponses('unknown-webhook', 'webhook-url-not-allowed')
        }
      }
    },
    async (request) =>
      viewOf(
        await inTransaction(pool, (tx) =>
          changeEndpoint(tx, request.params.webhookId, request.body, { outbound }, byOf(request))
        )
      )
  )

  app.post(
    '/webhooks/:webhookId/rotate',
    {
      config: { access: 'webhooks:manage', idempotency: 'key' },
      schema: {
        operationId: 'rotateWebhook',
        tags: ['webhooks'],
        summary: 'Replace the secret of a webhook',
        description:
          'Both secrets sign until the overlap is over, so the receiver can change over when it likes. A secret before those two signs no more.',
        params: WebhookParams,
        body: Type.Object(
          {
            overlap: optional(
              Type.String({
                pattern: overlap,
                maxLength: 30,
                default: 'PT24H',
                description: `How long the old secret goes on signing: ISO 8601 duration, at most ${longestOverlap}; \`PT0S\`: not at all`
              })
            )
          },
          { ...strict, examples: [{ overlap: 'PT24H' }] }
        ),
        response: {
          200: answer('The webhook, its new secret shown this once', named(NewWebhookView), {
            rotatedWebhook: { ...example.rotated, secret: example.secret }
          }),
          ...problemResponses('unknown-webhook', 'webhooks-not-configured')
        }
      }
    },
    async (request, reply) => {
      const { overlap = 'PT24H' } = request.body
      return showOnce(request, reply, 200, (tx) =>
        rotateSecret(tx, request.params.webhookId, overlap, { vault }, byOf(request))
      )
    }
  )

  app.delete(
    '/webhooks/:webhookId',
    {
      config: { access: 'webhooks:manage', idempotency: 'key' },
      schema: {
        operationId: 'deleteWebhook',
        tags: ['webhooks'],
        summary: 'Delete a webhook',
        description: 'With its deliveries; what was still to be sent is not.',
        params: WebhookParams,
        response: {
          200: answer('As it was', named(WebhookView), { deletedWebhook: example.tickets }),
          ...problemResponses('unknown-webhook')
        }
      }
    },
    async (request) =>
      viewOf(await inTransaction(pool, (tx) => removeEndpoint(tx, request.params.webhookId, byOf(request))))
  )

  /** A secret is shown to whoever has it made, this once: a repeated request gets the answer without it. */
  async function showOnce(
    request: FastifyRequest,
    reply: FastifyReply,
    status: 200 | 201,
    make: (tx: Db) => Promise<Made>
  ) {
    const location = (id: string) => (status === 201 ? { location: `/webhooks/${id}` } : {})
    const { endpoint, secret } = await inTransaction(pool, async (tx) => {
      const made = await make(tx)
      const { id } = made.endpoint
      await keepAnswer(request, tx, status, viewOf(made.endpoint), location(id))
      return made
    })
    return reply
      .code(status)
      .headers(location(endpoint.id))
      .send({ ...viewOf(endpoint), secret: secret.reveal() })
  }
}

export const byOf = (request: FastifyRequest): By => ({ actor: actorOf(request), requestId: request.id })
