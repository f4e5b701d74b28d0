import type { JSONWebKeySet } from 'jose'
import { supportedEvents } from './event.ts'
import { push, type StatusView, type StreamView, verificationInterval } from './stream.schema.ts'

export const issuer = 'https://locksmith.example.org'
export const streamId = '01a20941-3c5e-7000-8f0a-6b2d9e417c55'

export const stream: StreamView = {
  stream_id: streamId,
  iss: issuer,
  aud: 'https://receiver.example.com',
  delivery: { method: push, endpoint_url: 'https://receiver.example.com/events' },
  events_supported: supportedEvents,
  events_requested: supportedEvents.slice(0, 3),
  events_delivered: supportedEvents.slice(0, 3),
  min_verification_interval: verificationInterval,
  description: 'Sign-out everywhere'
}

export const wish = {
  delivery: {
    method: push,
    endpoint_url: stream.delivery.endpoint_url,
    authorization_header: 'Bearer a-token-of-the-receiver'
  },
  events_requested: stream.events_requested!,
  description: stream.description!
} as const

export const change = { stream_id: streamId, description: 'Sign-out everywhere, and leavers' }

export const paused: StatusView = {
  stream_id: streamId,
  status: 'paused',
  reason: 'SYSTEM_DOWN_FOR_MAINTENANCE'
}

export const failing: StatusView = {
  stream_id: streamId,
  status: 'enabled',
  reason: 'Nothing could be delivered since 2026-11-23T18:20:45.000Z; the last try came to 503.'
}

export const verification = { stream_id: streamId, state: 'VGhpcyBpcyBhbiBleGFtcGxlIHN0YXRlIHZhbHVlLgo=' }

export const jwks: JSONWebKeySet = {
  keys: [
    {
      kty: 'RSA',
      n: '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw',
      e: 'AQAB',
      kid: 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs',
      alg: 'RS256',
      use: 'sig'
    }
  ]
}
