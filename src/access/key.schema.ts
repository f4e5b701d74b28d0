import Type, { type Static, type TSchema } from 'typebox'
import { printable, visible } from '../http/forms.ts'
import type { KeyRow } from './key.sql.ts'
import { parseNetwork } from './network.ts'
import { scopes } from './scope.ts'

export const Name = Type.String({ minLength: 1, maxLength: 100, pattern: visible, examples: ['helpdesk'] })
export const Owner = Type.String({
  minLength: 1,
  maxLength: 400,
  pattern: visible,
  description: 'The person or system that answers for it. Left out: who makes it'
})
export const Scopes = Type.Array(Type.Enum([...scopes]), {
  minItems: 1,
  maxItems: scopes.length,
  uniqueItems: true
})
export const Cidrs = Type.Array(
  Type.Refine(
    Type.String({ maxLength: 60 }),
    (cidr) => parseNetwork(cidr) !== undefined,
    () => 'is no address or network'
  ),
  {
    minItems: 1,
    maxItems: 50,
    uniqueItems: true,
    description: 'Works only from these networks: `10.0.0.0/8`, `2001:db8::/32`, or single addresses'
  }
)
export const Groups = Type.Array(Type.String({ minLength: 1, maxLength: 255, pattern: printable }), {
  minItems: 1,
  maxItems: 100,
  uniqueItems: true,
  description: 'Sees and touches only users who are in one of these groups of Nextcloud'
})

const Time = Type.String({ format: 'date-time' })
const orNull = <T extends TSchema>(schema: T, description: string) =>
  Type.Union([schema, Type.Null()], { description })
const Texts = Type.Array(Type.String())

export const KeyView = Type.Object(
  {
    id: Type.String({ description: 'The first part of the key, after `lsk_`. In the audit: `key:<id>`' }),
    name: Type.String(),
    scopes: Type.Array(Type.Enum([...scopes])),
    owner: Type.String({ description: 'The person or system that answers for it' }),
    vouchers: Type.Array(Type.String(), {
      description:
        'The owners of those who made it, and theirs: nobody of them is a second pair of eyes for it'
    }),
    createdBy: Type.String({ description: '`key:…`, `oidc:…`, or `host` for the command line' }),
    createdAt: Time,
    expiresAt: orNull(Time, 'null: it does not end by itself'),
    lastUsedAt: orNull(Time, 'A minute old at most. null: never'),
    revokedAt: orNull(Time, 'null: it was not revoked'),
    allowedCidrs: orNull(Texts, 'null: it works from anywhere'),
    allowedGroups: orNull(Texts, 'null: it is for all users'),
    requireIdempotencyKey: Type.Boolean(),
    rotatedTo: orNull(Type.String(), 'The key that took its place')
  },
  { $id: 'ApiKey', description: 'An API key, without its secret' }
)
export type KeyView = Static<typeof KeyView>

export const NewKeyView = Type.Object(
  {
    ...KeyView.properties,
    key: Type.Optional(
      Type.String({
        description:
          'The key itself, shown this once. Not there where the same request with the same `Idempotency-Key` is answered again: then rotate it'
      })
    )
  },
  { $id: 'NewApiKey', description: 'An API key that was just made' }
)

const time = (date: Date | null) => date?.toISOString() ?? null

export const viewOf = (row: KeyRow): KeyView => ({
  id: row.id,
  name: row.name,
  scopes: row.scopes,
  owner: row.owner,
  vouchers: row.vouchers,
  createdBy: row.createdBy,
  createdAt: row.createdAt.toISOString(),
  expiresAt: time(row.expiresAt),
  lastUsedAt: time(row.lastUsedAt),
  revokedAt: time(row.revokedAt),
  allowedCidrs: row.allowedCidrs,
  allowedGroups: row.allowedGroups,
  requireIdempotencyKey: row.requireIdempotencyKey,
  rotatedTo: row.rotatedTo
})
