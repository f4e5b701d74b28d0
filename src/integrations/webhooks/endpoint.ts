/** Making, changing and deleting endpoints, each with its audit event in one transaction. */
import { randomBytes } from 'node:crypto'
import { appendAudit } from '../../audit/audit.sql.ts'
import type { Actor } from '../../audit/event.ts'
import type { Db } from '../../db/pool.ts'
import { DomainError } from '../../errors.ts'
import { Secret } from '../../secret.ts'
import { uuidv7 } from '../../uuid.ts'
import type { Outbound } from '../outbound/post.ts'
import type { Vault } from '../vault.ts'
import {
  deleteEndpoint,
  type Endpoint,
  findEndpoint,
  insertEndpoint,
  isLonger,
  replaceSecret,
  updateEndpoint
} from './endpoint.sql.ts'
import type { WebhookType } from './event.ts'

export const mostEndpoints = 50
export const longestOverlap = 'P30D'

export type Means = { vault: Vault | undefined; outbound: Outbound }
export type By = { actor: Actor; requestId: string }
/** With the secret, which is shown this once. */
export type Made = { endpoint: Endpoint; secret: Secret }

export type Wish = { url: string; description?: string; events?: WebhookType[] }

/** Whose the secret is, for {@link Vault}; of a stream, too. */
export const contextOf = (id: string) => `webhook:${id}`

/** 256 random bits, as Standard Webhooks writes them ("Signature scheme"). */
const makeSecret = () => new Secret(`whsec_${randomBytes(32).toString('base64')}`)

/** @throws DomainError webhooks-not-configured, webhook-url-not-allowed, too-many-webhooks */
export async function createEndpoint(
  tx: Db,
  { url, description = '', events }: Wish,
  means: Means,
  by: By
): Promise<Made> {
  const vault = vaultOf(means)
  const id = uuidv7()
  const secret = makeSecret()
  const endpoint = await insertEndpoint(
    tx,
    {
      id,
      url: readUrl(url, means.outbound),
      description,
      events: events ?? null,
      createdBy: by.actor,
      secret: vault.seal(secret, contextOf(id))
    },
    mostEndpoints
  )
  if (!endpoint)
    throw new DomainError(
      'too-many-webhooks',
      `There are ${mostEndpoints} webhooks, and no more can be made. Nothing was done: delete one that is not used.`
    )
  await appendAudit(tx, { action: 'webhook.created', ...by, details: detailsOf(endpoint) })
  return { endpoint, secret }
}

export type Change = {
  url?: string
  description?: string
  events?: WebhookType[] | null
  enabled?: boolean
}

/** @throws DomainError unknown-webhook, webhook-url-not-allowed */
export async function changeEndpoint(
  tx: Db,
  id: string,
  { url, description, events, enabled }: Change,
  { outbound }: Pick<Means, 'outbound'>,
  by: By
): Promise<Endpoint> {
  const found = await lockEndpoint(tx, id)
  const isOff = found.disabledAt !== null
  const endpoint = await updateEndpoint(tx, {
    ...found,
    ...(url !== undefined && { url: readUrl(url, outbound) }),
    ...(description !== undefined && { description }),
    ...(events !== undefined && { events }),
    ...(enabled === true && { disabledBecause: null }),
    ...(enabled === false && !isOff && { disabledBecause: 'by-hand' as const })
  })
  const details = {
    ...detailsOf(endpoint),
    ...((endpoint.disabledAt !== null) !== isOff && { enabled: isOff })
  }
  await appendAudit(tx, { action: 'webhook.changed', ...by, details })
  return endpoint
}

/**
 * @param overlap ISO 8601 duration for which the former secret goes on signing, 30 days at most
 * @throws DomainError unknown-webhook, webhooks-not-configured, invalid-request
 */
export async function rotateSecret(
  tx: Db,
  id: string,
  overlap: string,
  means: Pick<Means, 'vault'>,
  by: By
): Promise<Made> {
  const vault = vaultOf(means)
  if (await isLonger(tx, overlap, longestOverlap))
    throw new DomainError('invalid-request', `overlap is longer than ${longestOverlap}. Nothing was done.`)
  await lockEndpoint(tx, id)
  const secret = makeSecret()
  const endpoint = await replaceSecret(tx, id, vault.seal(secret, contextOf(id)), overlap)
  await appendAudit(tx, { action: 'webhook.rotated', ...by, details: { webhook: id, overlap } })
  return { endpoint, secret }
}

/** With what was still to be delivered. @throws DomainError unknown-webhook */
export async function removeEndpoint(tx: Db, id: string, by: By): Promise<Endpoint> {
  const endpoint = await lockEndpoint(tx, id)
  await deleteEndpoint(tx, id)
  await appendAudit(tx, { action: 'webhook.deleted', ...by, details: detailsOf(endpoint) })
  return endpoint
}

/** Until the transaction ends. @throws DomainError unknown-webhook */
export async function lockEndpoint(tx: Db, id: string): Promise<Endpoint> {
  const found = await findEndpoint(tx, id, { lock: true })
  if (!found) throw unknownWebhook(id)
  return found
}

export function vaultOf({ vault }: Pick<Means, 'vault'>): Vault {
  if (vault) return vault
  throw new DomainError(
    'webhooks-not-configured',
    'Secrets of webhooks are stored encrypted, and WEBHOOK_ENCRYPTION_KEY is not set. Nothing was done. Set it to the output of `openssl rand -base64 32`, and restart.'
  )
}

/** @throws DomainError webhook-url-not-allowed */
export function readUrl(text: string, outbound: Outbound): string {
  const url = URL.parse(text)
  const why = url ? outbound.refusal(url) : 'It is no URL.'
  if (!url || why !== undefined)
    throw new DomainError('webhook-url-not-allowed', `This URL cannot be called. ${why} Nothing was done.`)
  return url.href
}

/** The origin alone: what comes after it may be a secret of the receiver. */
const detailsOf = ({ id, url, events }: Endpoint) => ({
  webhook: id,
  origin: new URL(url).origin,
  ...(events && { events })
})

export const unknownWebhook = (id: string) =>
  new DomainError('unknown-webhook', `There is no webhook ${id}. Nothing was done.`)
