/** What receivers do to their streams, each with its audit event in one transaction. */
import { appendAudit } from '../../audit/audit.sql.ts'
import type { Db } from '../../db/pool.ts'
import { DomainError } from '../../errors.ts'
import { Secret } from '../../secret.ts'
import { uuidv7 } from '../../uuid.ts'
import type { World } from '../../world.ts'
import { dropPending } from '../webhooks/delivery.sql.ts'
import { deleteEndpoint } from '../webhooks/endpoint.sql.ts'
import { type By, contextOf, type Means, readUrl, vaultOf } from '../webhooks/endpoint.ts'
import { streamEvents } from './event.ts'
import { announceToStream } from './outbox.sql.ts'
import type { ChangedStreamBody, NewStreamBody, ReplacedStreamBody, StreamView } from './stream.schema.ts'
import {
  findStream,
  insertStream,
  noteVerification,
  type Status,
  type Stream,
  setStatus,
  updateStream
} from './stream.sql.ts'
import type { Transmitter } from './transmitter.ts'

export const mostStreams = 50

/** Whose the stream is, and who asks. */
export type Holder = By & { owner: string }

type Delivery = NewStreamBody['delivery']

/** @throws DomainError ssf-not-configured */
export function transmitterOf({ transmitter }: Pick<World, 'transmitter'>): Transmitter {
  if (transmitter) return transmitter
  throw new DomainError(
    'ssf-not-configured',
    'Locksmith has no key to sign security events with, or no address to sign in the name of. Nothing was done. Set SSF_SIGNING_KEY and PUBLIC_URL, and restart.'
  )
}

/** @throws DomainError webhook-url-not-allowed, webhooks-not-configured, too-many-streams */
export async function createStream(
  tx: Db,
  { delivery, aud, events_requested, description = '' }: NewStreamBody,
  means: Means,
  { owner, ...by }: Holder
): Promise<Stream> {
  const id = uuidv7()
  const url = readUrl(delivery.endpoint_url, means.outbound)
  const stream = await insertStream(
    tx,
    {
      id,
      url,
      description,
      audience: [aud ?? new URL(url).origin].flat(),
      eventsRequested: events_requested ?? null,
      owner,
      createdBy: by.actor,
      secret: sealedOf(delivery, id, means)
    },
    mostStreams
  )
  if (!stream)
    throw new DomainError(
      'too-many-streams',
      `There are ${mostStreams} streams, and no more can be made. Nothing was done: delete one that is not used.`
    )
  await appendAudit(tx, { action: 'stream.created', ...by, details: detailsOf(stream) })
  return stream
}

/**
 * What is sent takes the place of what was; of a replacement also what is left out.
 * @param show how it looks from outside, before the change
 * @throws DomainError unknown-stream, invalid-request, webhook-url-not-allowed, webhooks-not-configured
 */
export async function changeStream(
  tx: Db,
  given: ChangedStreamBody | ReplacedStreamBody,
  { whole, show }: { whole: boolean; show: (stream: Stream) => StreamView },
  means: Means,
  { owner, ...by }: Holder
): Promise<Stream> {
  const found = await lockStream(tx, given.stream_id, owner)
  refuseOther(show(found), given)
  const { delivery, description, events_requested } = given
  const stream = await updateStream(
    tx,
    {
      id: found.id,
      url: delivery ? readUrl(delivery.endpoint_url, means.outbound) : found.url,
      description: description ?? (whole ? '' : found.description),
      eventsRequested: events_requested ?? (whole ? null : found.eventsRequested)
    },
    delivery && sealedOf(delivery, found.id, means)
  )
  await appendAudit(tx, { action: 'stream.changed', ...by, details: detailsOf(stream) })
  return stream
}

/** @throws DomainError unknown-stream */
export async function removeStream(tx: Db, id: string, { owner, ...by }: Holder): Promise<void> {
  const stream = await lockStream(tx, id, owner)
  await deleteEndpoint(tx, stream.id)
  await appendAudit(tx, { action: 'stream.deleted', ...by, details: detailsOf(stream) })
}

/** A disabled stream holds nothing. @throws DomainError unknown-stream */
export async function changeStatus(
  tx: Db,
  id: string,
  status: Status,
  reason: string | undefined,
  { owner, ...by }: Holder
): Promise<Stream> {
  const found = await lockStream(tx, id, owner)
  // Nor is one that is enabled again told that it is disabled.
  if ([found.status, status].includes('disabled')) await dropPending(tx, found.id)
  const stream = await setStatus(tx, found.id, status, reason ?? null)
  if (status !== found.status)
    await appendAudit(tx, { action: 'stream.changed', ...by, details: { ...detailsOf(stream), status } })
  return stream
}

/** @param interval seconds @throws DomainError unknown-stream, stream-disabled, verification-too-soon */
export async function askForVerification(
  tx: Db,
  id: string,
  state: string | undefined,
  { owner, interval }: { owner: string; interval: number }
): Promise<void> {
  const stream = await lockStream(tx, id, owner)
  if (stream.status === 'disabled')
    throw new DomainError(
      'stream-disabled',
      'This stream is disabled, so nothing is sent over it. Nothing was done. Enable it first, at the status endpoint.'
    )
  const early = await noteVerification(tx, stream.id, interval)
  if (early !== undefined) {
    const seconds = Math.ceil(early)
    throw new DomainError(
      'verification-too-soon',
      `A verification was asked for less than ${interval} s ago. Nothing was done: ask again in ${seconds} s.`,
      { headers: { 'retry-after': String(seconds) } }
    )
  }
  await announceToStream(tx, stream.id, streamEvents.verification, state === undefined ? {} : { state })
}

/** Until the transaction ends. @throws DomainError unknown-stream */
async function lockStream(tx: Db, id: string, owner: string): Promise<Stream> {
  const found = await findStream(tx, id, owner, { lock: true })
  if (!found) throw unknownStream(id)
  return found
}

function sealedOf({ authorization_header: header }: Delivery, id: string, means: Means): Buffer | null {
  return header === undefined ? null : vaultOf(means).seal(new Secret(header), contextOf(id))
}

/** @throws DomainError invalid-request where something is sent that is not the receiver's to say, and not as it is */
export function refuseOther(is: Partial<StreamView>, given: ChangedStreamBody | NewStreamBody): void {
  const names = ['iss', 'aud', 'events_supported', 'events_delivered', 'min_verification_interval'] as const
  const other = names.find((name) => {
    const said = (given as ChangedStreamBody)[name]
    return said !== undefined && is[name] !== undefined && listOf(said) !== listOf(is[name])
  })
  if (other)
    throw new DomainError(
      'invalid-request',
      `body/${other} is not what it is, and not yours to set: leave it out, or send it as it was shown. Nothing was done.`
    )
}

/** In whatever order, as one text or a list of one. */
const listOf = (value: string | number | string[]) => JSON.stringify([value].flat().toSorted())

/** The origin alone: what comes after it may be a secret of the receiver. */
const detailsOf = ({ id, url, eventsRequested }: Stream) => ({
  stream: id,
  origin: new URL(url).origin,
  ...(eventsRequested && { events: eventsRequested })
})

export const unknownStream = (id: string) =>
  new DomainError('unknown-stream', `You have no stream ${id.slice(0, 100)}. Nothing was done.`)
