import { unanswered } from '../asked.ts'
import type { Finding } from '../check.ts'
import type { Facts, WebhookFacts } from '../facts.ts'
import { givenUp } from './webhooks.ts'

/** Whoever is to be told what is done to accounts, and cannot be. */
export function checkStreams({ webhooks, canSign }: Facts): Finding | Finding[] {
  const name = 'streams'
  const without = unanswered(name, webhooks)
  if (without || webhooks.kind !== 'answered') return without!
  const all = webhooks.value.filter(({ form }) => form === 'set')
  if (all.length === 0) return { name, state: 'skipped', found: 'There are none.' }
  if (!canSign)
    return {
      name,
      state: 'error',
      found: 'There are streams, and SSF_SIGNING_KEY or PUBLIC_URL is not set.',
      means: 'Nothing can be signed, so nothing is sent; what is to be sent waits.',
      mend: 'Set SSF_SIGNING_KEY to the keys that were in use before, and PUBLIC_URL'
    }
  const wrong = all.flatMap((stream) => trouble(stream) ?? [])
  if (wrong.length > 0) return wrong.map((finding) => ({ name, ...finding }))
  const enabled = all.filter(({ disabledBecause }) => disabledBecause === null)
  return { name, state: 'ok', found: `${enabled.length} of ${all.length} not disabled, and none fails.` }
}

function trouble(stream: WebhookFacts): Omit<Finding, 'name'> | undefined {
  const { id, origin, isLocked, failingSince, disabledBecause } = stream
  const about = `${origin} (${id})`
  if (disabledBecause === 'gone' || disabledBecause === 'failing')
    return {
      about,
      ...givenUp(disabledBecause),
      mend: `POST /ssf/status with {"stream_id": "${id}", "status": "enabled"}, by its owner, once the receiver is well`
    }
  if (disabledBecause !== null) return undefined
  if (isLocked)
    return {
      about,
      state: 'error',
      found: 'No key of WEBHOOK_ENCRYPTION_KEY opens its Authorization header.',
      means: 'Its receiver would refuse what is sent without it, so nothing is; what is to be sent waits.',
      mend: 'Add the key that was in use before to WEBHOOK_ENCRYPTION_KEY, on a line of its own; or PATCH /ssf/streams with its `delivery`, by its owner'
    }
  if (failingSince)
    return {
      about,
      state: 'warning',
      found: `Nothing could be delivered since ${failingSince.toISOString()}.`,
      means: 'It is tried again, ten times in three days; after five days like this the stream is disabled.',
      mend: `GET /ssf/status?stream_id=${id}, by its owner, says what came back`
    }
  return undefined
}
