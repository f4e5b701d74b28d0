import { unanswered } from '../asked.ts'
import type { Finding } from '../check.ts'
import type { Facts, WebhookFacts } from '../facts.ts'

/** Whoever is to be told of what happens, and cannot be. */
export function checkWebhooks({ webhooks, canKeepSecrets }: Facts): Finding | Finding[] {
  const name = 'webhooks'
  const without = unanswered(name, webhooks)
  if (without || webhooks.kind !== 'answered') return without!
  const all = webhooks.value.filter(({ form }) => form === 'webhook')
  const enabled = all.filter(({ disabledBecause }) => disabledBecause === null)
  const wrong = all.flatMap((webhook) => trouble(webhook) ?? [])
  if (wrong.length > 0) return wrong.map((finding) => ({ name, ...finding }))
  if (all.length === 0)
    return {
      name,
      state: 'skipped',
      found: canKeepSecrets
        ? 'There are none.'
        : 'There are none, and none can be made: WEBHOOK_ENCRYPTION_KEY is not set.',
      ...(!canKeepSecrets && { mend: 'Set WEBHOOK_ENCRYPTION_KEY to the output of: openssl rand -base64 32' })
    }
  return {
    name,
    state: 'ok',
    found: `${enabled.length} of ${all.length} enabled, and none fails.`
  }
}

function trouble(webhook: WebhookFacts): Omit<Finding, 'name'> | undefined {
  const { id, origin, isLocked, failingSince, disabledBecause } = webhook
  const about = `${origin} (${id})`
  if (disabledBecause === 'gone' || disabledBecause === 'failing')
    return {
      about,
      ...givenUp(disabledBecause),
      mend: `PATCH /webhooks/${id} with {"enabled": true} once the receiver is well; or DELETE /webhooks/${id}`
    }
  if (disabledBecause === null && isLocked)
    return {
      about,
      state: 'error',
      found: 'No key of WEBHOOK_ENCRYPTION_KEY opens its secret.',
      means: 'Nothing can be signed, so nothing is sent; what is to be sent waits.',
      mend: `Add the key that was in use before to WEBHOOK_ENCRYPTION_KEY, on a line of its own; or POST /webhooks/${id}/rotate`
    }
  if (disabledBecause === null && failingSince)
    return {
      about,
      state: 'warning',
      found: `Nothing could be delivered since ${failingSince.toISOString()}.`,
      means: 'It is tried again, ten times in three days; after five days like this the webhook is disabled.',
      mend: `GET /webhooks/${id}/deliveries says what came back`
    }
  return undefined
}

/** Of whom nothing is sent to any more, without anybody having wished so. */
export const givenUp = (because: 'gone' | 'failing') =>
  ({
    state: 'warning',
    found:
      because === 'gone'
        ? 'It is disabled: its receiver answered that it wants nothing more (410).'
        : 'It is disabled: for five days nothing could be delivered.',
    means: 'Its receiver is told of nothing, and what happens meanwhile is not recorded for it.'
  }) as const
