import Type from 'typebox'
import { appendAudit } from '../../audit/audit.sql.ts'
import { inTransaction } from '../../db/transaction.ts'
import { DomainError } from '../../errors.ts'
import { answer, named } from '../../http/answer.ts'
import type { App } from '../../http/fastify.ts'
import { defaultLimit, PageOf, pageQuery, readCursor, sendPage } from '../../http/page.ts'
import { problemResponses } from '../../http/problem.ts'
import { uuidForm } from '../../uuid.ts'
import type { World } from '../../world.ts'
import { findDelivery, listDeliveries, replayDelivery } from './deliveries.sql.ts'
import { DeliveryView, deliveryViewOf } from './delivery.schema.ts'
import { deliveryStates } from './delivery.ts'
import { byOf, WebhookParams } from './endpoint.routes.ts'
import { type Endpoint, findEndpoint } from './endpoint.sql.ts'
import { lockEndpoint, unknownWebhook } from './endpoint.ts'
import { announceTo } from './outbox.sql.ts'
import * as example from './webhook.examples.ts'

const DeliveryParams = Type.Object({
  ...WebhookParams.properties,
  deliveryId: Type.String({ format: 'uuid', description: '`id` of the delivery: its `webhook-id`' })
})

export function deliveryRoutes(app: App, { pool }: World): void {
  app.addSchema(DeliveryView)

  app.get(
    '/webhooks/:webhookId/deliveries',
    {
      config: { access: 'webhooks:manage' },
      schema: {
        operationId: 'listDeliveries',
        tags: ['webhooks'],
        summary: 'What a webhook was told, and is to be told; newest first',
        params: WebhookParams,
        querystring: Type.Object(
          {
            state: Type.Optional(Type.Enum(deliveryStates, { description: 'How far they have come' })),
            ...pageQuery
          },
          { additionalProperties: false }
        ),
        response: {
          200: answer('A page of deliveries', PageOf(named(DeliveryView)), {
            deliveries: { items: [example.waiting, example.delivered], next: null }
          }),
          ...problemResponses('invalid-request', 'unknown-webhook')
        }
      }
    },
    async (request, reply) => {
      const { cursor, limit = defaultLimit, state } = request.query
      const { webhookId } = request.params
      const before = readCursor(cursor, uuidForm)
      if (!(await findEndpoint(pool, webhookId))) throw unknownWebhook(webhookId)
      const found = await listDeliveries(pool, webhookId, { limit: limit + 1, before, state })
      const page = found.slice(0, limit)
      return sendPage(reply, page.map(deliveryViewOf), found.length > limit ? page.at(-1)!.id : null)
    }
  )

  app.post(
    '/webhooks/:webhookId/deliveries/:deliveryId/replay',
    {
      config: { access: 'webhooks:manage', idempotency: 'key' },
      schema: {
        operationId: 'replayDelivery',
        tags: ['webhooks'],
        summary: 'Send it once more',
        description:
          'At once, with all its tries before it, and under the same `webhook-id`: a receiver that has had it can tell. One that waits for its next try does not wait any longer.',
        params: DeliveryParams,
        response: {
          202: answer('It is due', named(DeliveryView), { replayedDelivery: example.replayed }),
          ...problemResponses('unknown-webhook', 'unknown-delivery', 'webhook-disabled')
        }
      }
    },
    async (request, reply) => {
      const { webhookId, deliveryId } = request.params
      const delivery = await inTransaction(pool, async (tx) => {
        refuseDisabled(await lockEndpoint(tx, webhookId))
        await replayDelivery(tx, webhookId, deliveryId)
        const found = await findDelivery(tx, webhookId, deliveryId)
        if (!found)
          throw new DomainError(
            'unknown-delivery',
            `This webhook has no delivery ${deliveryId}: there never was one, or it was kept long enough. Nothing was done.`
          )
        const details = { webhook: webhookId, delivery: deliveryId }
        await appendAudit(tx, { action: 'webhook.replayed', ...byOf(request), details })
        return found
      })
      return reply.code(202).send(deliveryViewOf(delivery))
    }
  )

  app.post(
    '/webhooks/:webhookId/test',
    {
      config: { access: 'webhooks:manage', idempotency: 'key' },
      schema: {
        operationId: 'testWebhook',
        tags: ['webhooks'],
        summary: 'Send an event that means nothing',
        description:
          '`webhook.test`, whatever the webhook has subscribed to. What came of it is in `GET /webhooks/{webhookId}/deliveries` a moment later.',
        params: WebhookParams,
        response: {
          202: answer('It is due', named(DeliveryView), { testDelivery: example.test }),
          ...problemResponses('unknown-webhook', 'webhook-disabled')
        }
      }
    },
    async (request, reply) => {
      const { webhookId } = request.params
      const delivery = await inTransaction(pool, async (tx) => {
        refuseDisabled(await lockEndpoint(tx, webhookId))
        const data = { webhook: `/webhooks/${webhookId}` }
        const id = await announceTo(tx, webhookId, { type: 'webhook.test', data })
        return (await findDelivery(tx, webhookId, id))!
      })
      return reply.code(202).send(deliveryViewOf(delivery))
    }
  )
}

/** @throws DomainError webhook-disabled */
function refuseDisabled({ id, disabledAt, disabledBecause }: Endpoint): void {
  if (!disabledAt) return
  throw new DomainError(
    'webhook-disabled',
    `This webhook is disabled since ${disabledAt.toISOString()} (${disabledBecause}), so nothing is sent to it. Nothing was done. Enable it first: PATCH /webhooks/${id} with {"enabled": true}.`,
    { extra: { because: disabledBecause } }
  )
}
