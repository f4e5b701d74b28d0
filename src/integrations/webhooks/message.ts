/** What is posted, by the form that the endpoint wants; and what keeps it from being posted now. */
import type { Secret } from '../../secret.ts'
import type { World } from '../../world.ts'
import { claimsOf } from '../ssf/claims.ts'
import type { Claimed, ClaimedSet, ClaimedWebhook } from './delivery.sql.ts'
import { contextOf } from './endpoint.ts'
import { bodyOf, headersOf } from './sign.ts'

export type Message = { headers: Record<string, string>; body: string }
type Means = Pick<World, 'vault' | 'transmitter'>

/** @returns `locked`: which key is missing, for the log */
export async function messageOf(means: Means, claimed: Claimed): Promise<Message | { locked: string }> {
  return claimed.form === 'set' ? setOf(means, claimed) : webhookOf(means, claimed)
}

function webhookOf(means: Means, claimed: Claimed & ClaimedWebhook): Message | { locked: string } {
  const secret = open(means, claimed, claimed.secret)
  if (!secret) return { locked: 'no key of WEBHOOK_ENCRYPTION_KEY opens the secret of a webhook' }
  const former = open(means, claimed, claimed.formerSecret)
  const body = bodyOf(claimed)
  return { headers: headersOf(claimed.id, new Date(), body, [secret, ...(former ? [former] : [])]), body }
}

/** RFC 8935, section 2. */
async function setOf(means: Means, claimed: Claimed & ClaimedSet): Promise<Message | { locked: string }> {
  const { transmitter } = means
  if (!transmitter) return { locked: 'SSF_SIGNING_KEY or PUBLIC_URL is not set, and there are streams' }
  const authorization = open(means, claimed, claimed.secret)
  if (claimed.secret && !authorization)
    return { locked: 'no key of WEBHOOK_ENCRYPTION_KEY opens the Authorization header of a stream' }
  return {
    headers: {
      'content-type': 'application/secevent+jwt',
      accept: 'application/json',
      ...(authorization && { authorization: authorization.reveal() })
    },
    body: await transmitter.sign(claimsOf(claimed, transmitter))
  }
}

const open = ({ vault }: Means, { endpointId }: Claimed, sealed: Buffer | null): Secret | undefined =>
  sealed ? vault?.open(sealed, contextOf(endpointId)) : undefined
