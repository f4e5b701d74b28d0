import Type, { type Static, type TSchema } from 'typebox'
import type { Delivery } from './deliveries.sql.ts'
import { deliveryStates } from './delivery.ts'
import { webhookTypes } from './event.ts'

const Time = Type.String({ format: 'date-time' })
const orNull = <T extends TSchema>(schema: T, description: string) =>
  Type.Union([schema, Type.Null()], { description })

export const DeliveryView = Type.Object(
  {
    id: Type.String({
      format: 'uuid',
      description: '`webhook-id`: the same at every try and every endpoint'
    }),
    type: Type.Enum([...webhookTypes]),
    timestamp: { ...Time, description: 'When it happened' },
    data: Type.Object({}, { additionalProperties: true, description: 'As it is sent' }),
    state: Type.Enum(deliveryStates, {
      description: '`failed`: no try follows by itself; it can be replayed'
    }),
    attempts: Type.Integer({ minimum: 0, description: 'Tries since it was recorded, or replayed' }),
    nextAt: orNull(Time, 'When it is tried next. null: not by itself'),
    triedAt: orNull(Time, 'The last try'),
    result: orNull(
      Type.String(),
      'What the last try came to: the HTTP status, or `timed-out`, `not-reached`, `broken-off`, `tls-refused`, `name-not-resolved`, `address-not-allowed`, `http-not-allowed`'
    ),
    endedAt: orNull(Time, 'null: it is still to be delivered')
  },
  { $id: 'WebhookDelivery', description: 'One event, and one endpoint that is told of it' }
)
export type DeliveryView = Static<typeof DeliveryView>

const time = (date: Date | null) => date?.toISOString() ?? null

export const deliveryViewOf = (delivery: Delivery): DeliveryView => ({
  id: delivery.id,
  type: delivery.type,
  timestamp: delivery.at.toISOString(),
  data: delivery.data,
  state: delivery.state,
  attempts: delivery.attempts,
  nextAt: time(delivery.nextAt),
  triedAt: time(delivery.triedAt),
  result: delivery.result,
  endedAt: time(delivery.endedAt)
})
