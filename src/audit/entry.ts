/** What of an event is a leaf of the tree: docs/AUDIT.md has the format, and `tools/verify-audit.mjs` reads the same. */
import { hash, randomBytes } from 'node:crypto'
import { canonicalJson } from '../canonical.ts'
import { storable } from '../db/storable.ts'
import type { Actor, AuditEvent } from './event.ts'

/** What points to a person, and can be erased. Only what there is. */
export type Personal = {
  actor?: string
  userId?: string
  sourceAddress?: string
  details?: Record<string, unknown>
}

/** What stays, whoever is forgotten. */
export type Content = {
  v: number
  action: AuditEvent['action']
  /** Of a person the kind alone: `user`, `contact`, `oidc`. */
  actor: string
  operationId: string | null
  campaignId: string | null
  requestId: string | null
  details: Record<string, unknown>
  /** SHA-256 over salt and the canonical JSON of what is personal, in hex. */
  personal: string
}

/** @property at with six digits of a second, in UTC */
export type Entry = Content & { seq: number; at: string }

/** Actors who are people, by their kind and their name; keys, campaigns and Locksmith itself are not. */
export const personIn = (actor: string): { kind?: string; name?: string } =>
  /^(?<kind>user|contact|oidc):(?<name>.*)$/s.exec(actor)?.groups ?? {}

/** Members of details that can name, or tell of, a person: texts that people or other servers wrote, names, addresses. */
const personalMembers = new Set([
  'reason',
  'manager',
  'said',
  'detail',
  'definition',
  'owner',
  'displayName',
  'mailAddress',
  'lastLogin',
  'adminUser'
])

/** What is a person's only there. */
const isPersonalIn: Record<string, string[]> = {
  details: ['name'],
  user: ['id'],
  notice: ['to'],
  mail: ['to']
}

/** The parts of an event, with a salt of its own: so the same person looks different in each. */
export function partsOf(
  given: AuditEvent,
  salt = randomBytes(16)
): { content: Content; personal: Personal; salt: Buffer } {
  const event = asRead(given) as AuditEvent
  const { rest, personal: details } = divide(event.details)
  const { kind } = personIn(event.actor)
  const personal: Personal = {
    ...(kind && { actor: event.actor }),
    ...(event.userId !== undefined && { userId: event.userId }),
    ...(event.sourceAddress !== undefined && { sourceAddress: event.sourceAddress }),
    ...(details && { details })
  }
  return {
    salt,
    personal,
    content: {
      v: 1,
      action: event.action,
      actor: kind ?? event.actor,
      operationId: event.operationId ?? null,
      campaignId: event.campaignId ?? null,
      requestId: event.requestId ?? null,
      details: rest,
      personal: commit(salt, personal)
    }
  }
}

export const commit = (salt: Buffer, personal: Personal): string =>
  hash('sha256', Buffer.concat([salt, Buffer.from(canonicalJson(personal))]), 'hex')

/** What is marked when it is written, and hashed when it is sealed. */
export const entryText = (entry: Entry): string => canonicalJson(entry)

type Members = Record<string, unknown>

/**
 * As it will be read again: as JSON has it, without what is undefined, times as texts and secrets as what they say of
 * themselves, and in texts nothing that PostgreSQL has no form for.
 */
function asRead(value: unknown): unknown {
  if (typeof value === 'string') return storable(value)
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (Array.isArray(value)) return value.map((each) => asRead(each ?? null))
  if (typeof value !== 'object' || value === null) return value
  if ('toJSON' in value && typeof value.toJSON === 'function') return asRead(value.toJSON())
  const members = Object.entries(value).filter(([, member]) => member !== undefined)
  return Object.fromEntries(members.map(([name, member]) => [name, asRead(member)]))
}

/** Takes the personal members out, wherever they are; in a list everything stays in its place. */
function divide(details: object): { rest: Members; personal: Members | undefined } {
  const { rest, personal } = parted(details as Members, 'details')
  return { rest, personal: Object.keys(personal).length > 0 ? personal : undefined }
}

/** @param within the member of details that it is about */
function parted(members: Members, within: string): { rest: Members; personal: Members } {
  const rest: Members = {}
  const personal: Members = {}
  for (const [name, value] of Object.entries(members)) {
    if (personalMembers.has(name) || isPersonalIn[within]?.includes(name)) personal[name] = value
    else if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      const inner = parted(value as Members, name)
      rest[name] = inner.rest
      if (Object.keys(inner.personal).length > 0) personal[name] = inner.personal
    } else rest[name] = value
  }
  return { rest, personal }
}

/** Details with what is personal back in its place. */
export function joinDetails(rest: Members, personal: Members | undefined | null): Members {
  if (!personal) return rest
  const joined = { ...rest }
  for (const [name, value] of Object.entries(personal)) {
    const inner = rest[name]
    const isInner = typeof inner === 'object' && inner !== null && !Array.isArray(inner)
    joined[name] = isInner ? joinDetails(inner as Members, value as Members) : value
  }
  return joined
}

/** As it was written. */
export const actorIn = (content: { actor: string }, personal: Personal | null): Actor =>
  (personal?.actor ?? content.actor) as Actor
