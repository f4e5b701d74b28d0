/** Bodies and answers as the OpenAPI document has them. Clients may leave out and add what they like. */
import Type, { type TSchema } from 'typebox'
import { ScimError } from './errors.ts'
import { mediaType, urn } from './urns.ts'

const optional = Type.Optional
const loose = { additionalProperties: true } as const
const Schemas = Type.Array(Type.String(), { description: 'What the rest can be read by' })
const Meta = Type.Object(
  {
    resourceType: Type.String(),
    location: Type.String({ description: 'A path where PUBLIC_URL is not set' })
  },
  loose
)

export const ScimUser = Type.Object(
  {
    schemas: Schemas,
    id: Type.String({ description: "The user's id in Nextcloud" }),
    externalId: optional(
      Type.String({ description: "The client's own identifier: each owner of keys has its own" })
    ),
    userName: optional(Type.String({ description: 'The same as `id`' })),
    displayName: optional(Type.String()),
    name: optional(Type.Object({ formatted: optional(Type.String()) }, loose)),
    active: optional(
      Type.Boolean({
        description:
          'What was decided counts before it is done: false from the moment at which an off-boarding is recorded, true from that of a reinstatement. What waits for an approval does not count; else it is as Nextcloud has it'
      })
    ),
    emails: optional(
      Type.Array(Type.Object({ value: Type.String() }, loose), { description: 'Where Nextcloud mails to' })
    ),
    preferredLanguage: optional(Type.String()),
    groups: optional(Type.Array(Type.Object({ value: Type.String() }, loose))),
    meta: optional(Meta),
    [urn.operation]: optional(
      Type.Object(
        {
          operation: Type.String({ description: 'Path of the operation' }),
          kind: Type.String(),
          state: Type.String(),
          approval: optional(Type.String({ description: 'Path of the approval that it waits for' }))
        },
        { ...loose, description: "What works on the user, or waits to, of the same owner's" }
      )
    )
  },
  { ...loose, $id: 'ScimUser', description: 'A user (RFC 7643, 4.1), as Nextcloud has it' }
)

export const ScimGroup = Type.Object(
  {
    schemas: Schemas,
    id: Type.String({ description: "The group's id in Nextcloud" }),
    displayName: optional(Type.String({ description: 'The same as `id`' })),
    members: optional(Type.Array(Type.Object({ value: Type.String() }, loose))),
    meta: optional(Meta)
  },
  { ...loose, $id: 'ScimGroup', description: 'A group of Nextcloud (RFC 7643, 4.2)' }
)

export const ScimErrorSchema = Type.Object(
  {
    schemas: Schemas,
    status: Type.String({ description: 'The HTTP status, as text' }),
    scimType: optional(Type.String()),
    detail: Type.String({ description: 'What happened, what was and was not done, what to do next' }),
    [urn.problem]: optional(
      Type.Object(
        { code: Type.String(), type: Type.String({ description: 'Path of a page about it' }) },
        { ...loose, description: 'The problem, as all other routes tell it' }
      )
    )
  },
  { ...loose, $id: 'ScimError', description: 'An error (RFC 7644, 3.12)' }
)

/** RFC 7644, section 3.4.2. */
export const ListOf = <T extends TSchema>(item: T) =>
  Type.Object({
    schemas: Schemas,
    totalResults: Type.Integer({ minimum: 0 }),
    startIndex: Type.Integer({ minimum: 1 }),
    itemsPerPage: Type.Integer({ minimum: 0 }),
    Resources: Type.Array(item)
  })

/** A resource's body: read by us, since names of attributes are the same in any case. */
export const bodyOf = (description: string, ...examples: object[]) =>
  Type.Object({}, { additionalProperties: true, description, examples })

const Attributes = (description: string) => optional(Type.String({ maxLength: 2_000, description }))

export const wanted = {
  attributes: Attributes('Only these, by commas (RFC 7644, 3.9)'),
  excludedAttributes: Attributes('All but these')
}

const flag = 'A flag of Entra ID for its own behaviour; of no consequence here'

/** Of changes: an unknown member is refused, but Entra's flags, which it may hand on from the tenant URL. */
export const ChangeQuery = Type.Object(
  {
    ...wanted,
    aadOptscim062020: optional(Type.String({ description: flag })),
    AzureAdScimPatch2017: optional(Type.String({ description: flag }))
  },
  { additionalProperties: false }
)

export const ListQuery = Type.Object({
  filter: optional(Type.String({ description: '`eq`, and several with `and` (RFC 7644, 3.4.2.2)' })),
  startIndex: optional(Type.Integer({ description: 'From 1' })),
  count: optional(Type.Integer({ description: 'At most 200; 100 where it is left out' })),
  ...wanted
})

export const mostResults = 200

/** RFC 7644, section 3.4.2.4: below 1 is 1, below 0 is 0. */
export const pageOf = ({ startIndex = 1, count = 100 }: { startIndex?: number; count?: number }) => ({
  offset: Math.max(1, startIndex) - 1,
  count: Math.min(mostResults, Math.max(0, count))
})

export const listOf = <T>(all: { total: number; offset: number }, resources: T[]) => ({
  schemas: [urn.list],
  totalResults: all.total,
  startIndex: all.offset + 1,
  itemsPerPage: resources.length,
  Resources: resources
})

/** RFC 7644, section 4: configuration cannot be filtered. */
export function refuseFilter({ filter }: { filter?: unknown }): void {
  if (filter !== undefined) throw new ScimError(403, undefined, 'This cannot be filtered.')
}

type Headers = Record<string, { type: 'string'; description: string }>

/** For `response`, with examples by a name that is unique in the whole document. */
export const answer = <T extends TSchema>(
  description: string,
  schema: T,
  examples: Record<string, object>,
  headers: Headers = {}
) => ({
  description,
  headers,
  content: {
    [mediaType]: {
      schema,
      examples: Object.fromEntries(
        Object.entries(examples).map(([name, value]) => [name, { value: withoutRefs(value) }])
      )
    }
  }
})

/** Whoever makes the document takes a `$ref` in an example for a reference of its own. */
const withoutRefs = (value: object): object =>
  JSON.parse(JSON.stringify(value, (name, member) => (name === '$ref' ? undefined : member)))
