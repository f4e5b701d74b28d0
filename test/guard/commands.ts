import type { Random } from '../faults/harness/random.ts'

/** One request that would change somebody. */
export type Command = {
  route: string
  method: string
  path: string
  body?: object
  headers?: Record<string, string>
  /** Whom it is about, as Nextcloud writes the id; undefined: an operation, or many users. */
  userId?: string
}

type Make = (random: Random) => { query?: string; body?: object; headers?: Record<string, string> }

/** SCIM waits for what works on the user, and nothing ends before all have asked. */
const impatient = { prefer: 'wait=0' }

const maybe = (random: Random, members: Record<string, readonly unknown[]>): object =>
  Object.fromEntries(
    Object.entries(members).flatMap(([name, values]) =>
      random.next() < 0.4 ? [[name, random.pick(values)]] : []
    )
  )
const mail = ['none', 'smtp'] as const

/** What each route that changes users takes. A route that is not here makes the test fail: write it down. */
export const aboutOneUser: Record<string, Make> = {
  'POST /users/{userId}/reset': (random) => ({
    body: {
      mail: random.pick(mail),
      ...maybe(random, {
        revoke: ['all', 'sessions', 'none'],
        twoFactor: ['keep', 'remove'],
        passkeys: ['keep', 'delete'],
        acceptDataLoss: [true]
      })
    }
  }),
  'POST /users/{userId}/reset-mail': () => ({ body: {} }),
  'DELETE /users/{userId}/tokens': (random) => ({
    query: `?replacePassword=${random.pick(['true', 'false'])}&mail=none${random.pick(['', '&kind=session'])}`
  }),
  'DELETE /users/{userId}/tokens/{tokenId}': () => ({ query: '?replacePassword=true&mail=none' }),
  'POST /users/{userId}/disable': () => ({ body: {} }),
  'POST /users/{userId}/enable': (random) => ({
    body: { mail: random.pick(mail), ...maybe(random, { revoke: ['all', 'none'] }) }
  }),
  'POST /users/{userId}/wipe': () => ({ body: {} }),
  'POST /users/{userId}/offboard': (random) => ({
    body: {
      ...maybe(random, {
        wipe: [true],
        shares: ['delete'],
        passkeys: ['delete'],
        groups: ['all', ['sales']],
        manager: ['manager@example.org']
      }),
      ...(random.next() < 0.7 && { deleteAfter: 'PT1M' })
    }
  }),
  'PATCH /scim/v2/Users/{userId}': (random) => ({
    headers: impatient,
    body: {
      Operations: [
        random.pick([
          { op: 'replace', value: { active: false } },
          { op: 'Replace', path: 'active', value: 'False' }
        ])
      ]
    }
  }),
  'PUT /scim/v2/Users/{userId}': () => ({ headers: impatient, body: { userName: 'whoever', active: false } }),
  'DELETE /scim/v2/Users/{userId}': () => ({ headers: impatient }),
  'POST /users/{userId}/reinstate': (random) => ({
    body: { mail: random.pick(mail), ...maybe(random, { restoreGroups: [true] }) }
  })
}

/** These name the user in their bodies: see `integrations/scim/deactivate.test.ts`, `integrations/signals`. */
export const byName = ['POST /scim/v2/Users', 'POST /global-token-revocation', 'POST /ssf/events']

/** These change keys alone; and what was approved goes the way of all operations (see `approvals.test.ts`). */
export const aboutNobody = [
  'POST /keys',
  'POST /keys/{keyId}/rotate',
  'DELETE /keys/{keyId}',
  'POST /approvals/{approvalId}/approve',
  'POST /approvals/{approvalId}/reject'
]

/** What these lead to goes the way of all operations, too: see `campaigns/course.test.ts`. */
export const ofCampaigns = [
  'POST /campaigns',
  'POST /campaigns/{campaignId}/preview',
  'POST /campaigns/{campaignId}/start',
  'POST /campaigns/{campaignId}/pause',
  'POST /campaigns/{campaignId}/resume',
  'POST /campaigns/{campaignId}/cancel',
  'POST /campaigns/{campaignId}/extend',
  'POST /campaigns/{campaignId}/participants/{userId}/confirm',
  'POST /campaigns/{campaignId}/participants/{userId}/vouch',
  'POST /campaigns/{campaignId}/participants/{userId}/exclude'
]

/** These only tell others of what happens. */
export const ofWebhooks = [
  'POST /webhooks',
  'PATCH /webhooks/{webhookId}',
  'DELETE /webhooks/{webhookId}',
  'POST /webhooks/{webhookId}/rotate',
  'POST /webhooks/{webhookId}/test',
  'POST /webhooks/{webhookId}/deliveries/{deliveryId}/replay'
]

/** These only tell others what was done. */
export const ofStreams = [
  'POST /ssf/streams',
  'PATCH /ssf/streams',
  'PUT /ssf/streams',
  'DELETE /ssf/streams',
  'POST /ssf/status',
  'POST /ssf/verify'
]

/** Routes that name no user. */
export const aboutOthers = [
  'POST /operations/{operationId}/retry',
  'POST /operations/{operationId}/cancel',
  'POST /operations/undo',
  'POST /stop',
  'POST /resume'
]

const everyByte = (text: string) =>
  [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')

/** Ways to write an id, and whether Nextcloud takes them for the same user. */
export const variants: Record<string, { write(id: string, address: string): string; same: boolean }> = {
  plain: { write: (id) => encodeURIComponent(id), same: true },
  upper: { write: (id) => encodeURIComponent(id.toUpperCase()), same: true },
  lower: { write: (id) => encodeURIComponent(id.toLowerCase()), same: true },
  mixed: {
    write: (id) =>
      encodeURIComponent([...id].map((c, n) => (n % 2 ? c.toLowerCase() : c.toUpperCase())).join('')),
    same: true
  },
  escaped: { write: everyByte, same: true },
  'escaped in capitals': { write: (id) => everyByte(id).toUpperCase(), same: true },
  'escaped twice': { write: (id) => encodeURIComponent(everyByte(id)), same: false },
  'a space before': { write: (id) => `%20${encodeURIComponent(id)}`, same: false },
  'a space after': { write: (id) => `${encodeURIComponent(id)}%20`, same: false },
  'a tab after': { write: (id) => `${encodeURIComponent(id)}%09`, same: false },
  'a zero after': { write: (id) => `${encodeURIComponent(id)}%00`, same: false },
  'a way round': { write: (id) => `x%2F..%2F${encodeURIComponent(id)}`, same: false },
  'with a query': { write: (id) => `${encodeURIComponent(id)}%3Fformat=json`, same: false },
  address: { write: (_, address) => encodeURIComponent(address), same: false },
  'address in capitals': { write: (_, address) => encodeURIComponent(address.toUpperCase()), same: false }
}

/** A command about this user, written in some way. */
export function commandFor(random: Random, route: string, id: string, written: string): Command {
  const { query = '', body, headers } = aboutOneUser[route]!(random)
  const [method, template] = route.split(' ') as [string, string]
  const path = template.replace('{userId}', written).replace('{tokenId}', String(1 + random.below(50)))
  return {
    route,
    method,
    path: path + query,
    ...(body && { body }),
    ...(headers && { headers }),
    userId: id
  }
}
