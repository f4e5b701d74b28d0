import Type, { type Static, type TSchema } from 'typebox'
import { printable } from '../../http/forms.ts'
import { disablings, type Endpoint } from './endpoint.sql.ts'
import { subscribable } from './event.ts'

export const Url = Type.String({
  minLength: 1,
  maxLength: 2_000,
  pattern: printable,
  description:
    'Where to: `https://`, a public address, no credentials. Internal targets, and `http://`, only where `OUTBOUND_ALLOW` names them'
})
export const Description = Type.String({ maxLength: 200, pattern: `${printable}|^$`, examples: ['Tickets'] })
export const Events = Type.Array(Type.Enum([...subscribable]), {
  minItems: 1,
  maxItems: subscribable.length,
  uniqueItems: true,
  description: 'What it is told of. Left out: everything, also what later versions tell of'
})

const Time = Type.String({ format: 'date-time' })
const orNull = <T extends TSchema>(schema: T, description: string) =>
  Type.Union([schema, Type.Null()], { description })

export const WebhookView = Type.Object(
  {
    id: Type.String({ format: 'uuid' }),
    url: Type.String(),
    description: Type.String(),
    events: orNull(Type.Array(Type.String()), 'null: everything'),
    createdBy: Type.String({ description: '`key:…` or `oidc:…`' }),
    createdAt: Time,
    formerSecretUntil: orNull(Time, 'Until then the secret before signs as well. null: there is one alone'),
    failingSince: orNull(Time, 'Nothing could be delivered since. null: the last try was good'),
    disabled: orNull(
      Type.Object({
        since: Time,
        because: Type.Enum(disablings, {
          description:
            '`gone`: it answered 410; `failing`: nothing could be delivered for five days; `by-hand`: somebody wished so'
        })
      }),
      'null: it is told of what happens'
    )
  },
  { $id: 'Webhook', description: 'Who is told of what happens, without its secret' }
)
export type WebhookView = Static<typeof WebhookView>

export const NewWebhookView = Type.Object(
  {
    ...WebhookView.properties,
    secret: Type.Optional(
      Type.String({
        description:
          'By which the receiver verifies, shown this once. Not there where the same request with the same `Idempotency-Key` is answered again: then rotate it'
      })
    )
  },
  { $id: 'NewWebhook', description: 'A webhook with a secret that was just made' }
)

const time = (date: Date | null) => date?.toISOString() ?? null

export const viewOf = (endpoint: Endpoint): WebhookView => ({
  id: endpoint.id,
  url: endpoint.url,
  description: endpoint.description,
  events: endpoint.events,
  createdBy: endpoint.createdBy,
  createdAt: endpoint.createdAt.toISOString(),
  formerSecretUntil: time(endpoint.formerUntil),
  failingSince: time(endpoint.failingSince),
  disabled:
    endpoint.disabledAt && endpoint.disabledBecause
      ? { since: endpoint.disabledAt.toISOString(), because: endpoint.disabledBecause }
      : null
})
