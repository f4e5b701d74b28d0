import { isIP } from 'node:net'
import { version } from '../../version.ts'
import type { ForwardedEvent } from './forwarded.ts'
import { type EcsKind, ecsKinds } from './kinds.ts'

/** Of the Elastic Common Schema whose fields these are. */
export const ecsVersion = '8.17.0'

/** Fields of ECS 8, nested; what has none there is below `locksmith`. No member is undefined or null. */
export type EcsEvent = { '@timestamp': string; message: string; event: object } & Record<string, unknown>

/**
 * An event in fields of the Elastic Common Schema; docs/AUDIT-FORWARDING.md lists them for people.
 * `event.id` is the same each time that an event is sent: whoever gets it twice tells by that.
 */
export function toEcs(event: ForwardedEvent): EcsEvent {
  const { action, actor, userId, sourceAddress, requestId, details } = event
  const { category, type } = kindOf(action)
  const { kind, name } = partsOf(actor)
  const { reason, problem } = details
  return without({
    '@timestamp': event.at,
    ecs: { version: ecsVersion },
    message: `${action}${userId === null ? '' : ` of ${userId}`} by ${actor}`,
    event: without({
      kind: 'event',
      category: [category],
      type,
      action,
      outcome: event.outcome,
      id: event.hash,
      hash: event.hash,
      sequence: event.seq,
      reason: typeof reason === 'string' ? reason : null,
      provider: 'locksmith',
      module: 'locksmith',
      dataset: 'locksmith.audit'
    }),
    error: errorOf(problem),
    // The whole actor: the key `alice` is not the user `alice`.
    user: without({ id: actor, name, target: userId === null ? null : { id: userId, name: userId } }),
    source: sourceAddress === null ? null : sourceOf(sourceAddress),
    related: without({
      user: [...new Set([name, userId].filter((each) => each !== null))],
      ip: isPlainIp(sourceAddress) ? [sourceAddress] : null
    }),
    http: requestId === null ? null : { request: { id: requestId } },
    service: { name: 'locksmith', type: 'locksmith', version },
    locksmith: without({
      audit: { index: event.index },
      actor: { kind },
      operation: event.operationId === null ? null : { id: event.operationId },
      campaign: event.campaignId === null ? null : { id: event.campaignId },
      details: Object.keys(details).length === 0 ? null : details
    })
  }) as EcsEvent
}

/** While replicas are being upgraded an older one may meet what it does not know: that must hold nothing up. */
const kindOf = (action: string): EcsKind =>
  (ecsKinds as Partial<Record<string, EcsKind>>)[action] ?? { category: 'iam', type: ['info'] }

/** `key:billing` is the `key` `billing`; `system` is both. */
function partsOf(actor: string): { kind: string; name: string } {
  const colon = actor.indexOf(':')
  return colon < 0
    ? { kind: actor, name: actor }
    : { kind: actor.slice(0, colon), name: actor.slice(colon + 1) }
}

/** `source.ip` is of a type that takes IP addresses only: a document with anything else in it is refused whole. */
const sourceOf = (address: string) => ({ address, ...(isPlainIp(address) && { ip: address }) })

const isPlainIp = (address: string | null): address is string =>
  address !== null && isIP(address) !== 0 && !address.includes('%') // `fe80::1%eth0` has a zone

function errorOf(problem: unknown): object | null {
  const { code, detail } = (problem ?? {}) as { code?: unknown; detail?: unknown }
  if (typeof code !== 'string') return null
  return without({ code, message: typeof detail === 'string' ? detail : null })
}

const without = (members: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null))
