import type { FastifyCorsOptions } from '@fastify/cors'

/** For web pages of these origins. Keys are sent in a header, never by the browser itself: no cookies. */
export const corsOf = (origins: string[]): FastifyCorsOptions => ({
  origin: origins,
  credentials: false,
  methods: ['GET', 'HEAD', 'POST', 'DELETE', 'PUT', 'PATCH'],
  allowedHeaders: ['authorization', 'content-type', 'idempotency-key', 'prefer', 'x-request-id'],
  exposedHeaders: [
    'idempotency-replayed',
    'link',
    'location',
    'preference-applied',
    'ratelimit',
    'ratelimit-policy',
    'retry-after',
    'x-request-id'
  ],
  maxAge: 600,
  strictPreflight: false
})
