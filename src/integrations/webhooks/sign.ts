import { Webhook } from 'standardwebhooks'
import type { Secret } from '../../secret.ts'
import type { Claimed, ClaimedWebhook } from './delivery.sql.ts'

/** What is sent, the same bytes at every try: members in this order, data as it was stored. */
export const bodyOf = ({ type, at, data }: Pick<Claimed & ClaimedWebhook, 'type' | 'at' | 'data'>): string =>
  JSON.stringify({ type, timestamp: at.toISOString(), data })

/**
 * Headers of Standard Webhooks. While a receiver changes over to a new secret both sign: it verifies one of them.
 * @param at when it is sent, by this host's clock: the receiver compares it with its own
 */
export function headersOf(id: string, at: Date, body: string, secrets: Secret[]): Record<string, string> {
  const signatures = secrets.map((secret) => new Webhook(secret.reveal()).sign(id, at, body))
  return {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
    'webhook-signature': signatures.join(' ')
  }
}
