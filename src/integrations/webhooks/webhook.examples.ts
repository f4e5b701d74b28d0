import type { DeliveryView } from './delivery.schema.ts'
import type { WebhookView } from './endpoint.schema.ts'

export const tickets: WebhookView = {
  id: '01a20931-77c1-7000-8b1e-2f1d7a3f6a10',
  url: 'https://tickets.example.org/hooks/locksmith',
  description: 'Tickets',
  events: ['operation.failed', 'operation.needs-attention', 'approval.requested'],
  createdBy: 'key:4kT0bXr2LmQz',
  createdAt: '2026-11-23T16:03:11.000Z',
  formerSecretUntil: null,
  failingSince: null,
  disabled: null
}

export const rotated: WebhookView = { ...tickets, formerSecretUntil: '2026-11-24T16:03:11.000Z' }

export const gone: WebhookView = {
  ...tickets,
  failingSince: '2026-11-23T18:20:45.000Z',
  disabled: { since: '2026-11-23T18:20:45.000Z', because: 'gone' }
}

/** No secret: it says so. */
export const secret = 'whsec_VGhpcyBpcyBhbiBleGFtcGxlLCBub3QgYSBzZWNyZXQ='

export const waiting: DeliveryView = {
  id: '01a20933-0d3e-7000-9c55-df606ca606b4',
  type: 'operation.needs-attention',
  timestamp: '2026-11-23T16:05:52.318Z',
  data: {
    operation: '/operations/01a20931-e240-7000-8574-df606ca606b4',
    kind: 'reset',
    userId: 'alice',
    problem: 'delivery-unknown'
  },
  state: 'pending',
  attempts: 2,
  nextAt: '2026-11-23T16:11:14.000Z',
  triedAt: '2026-11-23T16:05:57.902Z',
  result: '503',
  endedAt: null
}

export const delivered: DeliveryView = {
  ...waiting,
  state: 'delivered',
  attempts: 3,
  nextAt: null,
  triedAt: '2026-11-23T16:11:14.201Z',
  result: '204',
  endedAt: '2026-11-23T16:11:14.377Z'
}

export const replayed: DeliveryView = {
  ...waiting,
  attempts: 0,
  nextAt: '2026-11-24T09:00:00.000Z',
  result: '503'
}

export const test: DeliveryView = {
  ...waiting,
  id: '01a20935-51aa-7000-a3c4-9d3f5c7a1e42',
  type: 'webhook.test',
  timestamp: '2026-11-23T16:09:00.000Z',
  data: { webhook: `/webhooks/${tickets.id}` },
  attempts: 0,
  nextAt: '2026-11-23T16:09:00.000Z',
  triedAt: null,
  result: null
}
