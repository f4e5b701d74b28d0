import Type, { type Static } from 'typebox'
import { printable, storable } from '../../http/forms.ts'
import { Url } from '../webhooks/endpoint.schema.ts'
import { audienceOf } from './claims.ts'
import { supportedEvents } from './event.ts'
import { type Stream, statuses } from './stream.sql.ts'

const optional = Type.Optional

/** RFC 8935. */
export const push = 'urn:ietf:rfc:8935'

/** So long at least between two verifications of a stream. Seconds. */
export const verificationInterval = 30

const EventUri = Type.String({ minLength: 1, maxLength: 300, pattern: printable })

export const StreamId = Type.String({ maxLength: 100, description: '`stream_id` of a stream' })

const Delivery = Type.Object({
  method: Type.Enum([push], { description: 'Push (RFC 8935); poll is not supported' }),
  endpoint_url: Url,
  authorization_header: optional(
    Type.String({
      minLength: 1,
      maxLength: 4_000,
      pattern: '^[!-~]+( +[!-~]+)*$',
      description:
        'What the receiver wants to find in `Authorization`. Never shown again, so send it each time that you send `delivery`: without it none is sent from then on',
      examples: ['Bearer a-token-of-the-receiver']
    })
  )
})

const Audience = Type.Union(
  [
    Type.String({ minLength: 1, maxLength: 500, pattern: printable }),
    Type.Array(Type.String({ minLength: 1, maxLength: 500, pattern: printable }), {
      minItems: 1,
      maxItems: 10,
      uniqueItems: true
    })
  ],
  { description: '`aud` of each SET. Left out: the origin of `endpoint_url`' }
)

const received = {
  events_requested: optional(
    Type.Array(EventUri, {
      maxItems: 100,
      description:
        'URIs of the events that are wanted; those that are not known here are ignored. Left out: all that there are, also those of later versions'
    })
  ),
  description: optional(Type.String({ maxLength: 1_000, pattern: storable }))
}

/** What Locksmith supplies: may be sent back, and must then be as it is. */
const supplied = {
  iss: optional(Type.String({ maxLength: 2_000 })),
  aud: optional(Audience),
  events_supported: optional(Type.Array(EventUri, { maxItems: 100 })),
  events_delivered: optional(Type.Array(EventUri, { maxItems: 100 })),
  min_verification_interval: optional(Type.Integer())
}

export const NewStreamBody = Type.Object({
  ...received,
  delivery: Delivery,
  aud: optional(Audience),
  iss: supplied.iss
})
export const ReplacedStreamBody = Type.Object({
  stream_id: StreamId,
  ...supplied,
  ...received,
  delivery: Delivery
})
export const ChangedStreamBody = Type.Object({
  stream_id: StreamId,
  ...supplied,
  ...received,
  delivery: optional(Delivery)
})
export type NewStreamBody = Static<typeof NewStreamBody>
export type ReplacedStreamBody = Static<typeof ReplacedStreamBody>
export type ChangedStreamBody = Static<typeof ChangedStreamBody>

export const StreamView = Type.Object(
  {
    stream_id: Type.String(),
    iss: Type.String({ description: '`iss` of each SET' }),
    aud: Type.Union([Type.String(), Type.Array(Type.String())], { description: '`aud` of each SET' }),
    delivery: Type.Object({ method: Type.String(), endpoint_url: Type.String() }),
    events_supported: Type.Array(Type.String()),
    events_requested: optional(Type.Array(Type.String())),
    events_delivered: Type.Array(Type.String(), { description: 'What is sent over this stream' }),
    min_verification_interval: Type.Integer({ description: 'Seconds' }),
    description: optional(Type.String())
  },
  {
    $id: 'Stream',
    description: 'Configuration of a stream (SSF 1.0, 8.1.1), without the Authorization header'
  }
)
export type StreamView = Static<typeof StreamView>

export const viewOf = (stream: Stream, issuer: string): StreamView => ({
  stream_id: stream.id,
  iss: issuer,
  aud: audienceOf(stream.audience),
  delivery: { method: push, endpoint_url: stream.url },
  events_supported: supportedEvents,
  ...(stream.eventsRequested && { events_requested: stream.eventsRequested }),
  events_delivered: supportedEvents.filter((type) => stream.eventsRequested?.includes(type) ?? true),
  min_verification_interval: verificationInterval,
  ...(stream.description && { description: stream.description })
})

const Reason = Type.String({
  maxLength: 500,
  pattern: storable,
  description: 'Why. Where nobody said: what keeps it from being delivered, if anything does'
})

export const StatusBody = Type.Object({
  stream_id: StreamId,
  status: Type.Enum([...statuses]),
  reason: optional(Reason)
})

export const StatusView = Type.Object(
  {
    stream_id: Type.String(),
    status: Type.Enum([...statuses], {
      description:
        '`paused`: what happens is kept, and sent once it is enabled. `disabled`: what happens is not kept, nor what was still to be sent'
    }),
    reason: optional(Reason)
  },
  { $id: 'StreamStatus', description: 'Whether anything is sent over a stream (SSF 1.0, 8.1.2)' }
)
export type StatusView = Static<typeof StatusView>

export const statusOf = (stream: Stream): StatusView => {
  const reason = stream.reason ?? troubleOf(stream)
  return { stream_id: stream.id, status: stream.status, ...(reason && { reason }) }
}

function troubleOf({ disabledBecause, failingSince, lastResult }: Stream): string | undefined {
  if (disabledBecause === 'gone') return 'The receiver answered that it wants nothing more (410).'
  if (disabledBecause === 'failing') return 'For five days nothing could be delivered.'
  return failingSince
    ? `Nothing could be delivered since ${failingSince.toISOString()}; the last try came to ${lastResult}.`
    : undefined
}

export const VerificationBody = Type.Object({
  stream_id: StreamId,
  state: optional(
    Type.String({ maxLength: 2_000, pattern: storable, description: 'Comes back in the event as it is' })
  )
})
