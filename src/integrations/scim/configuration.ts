/** What this service provider can do (RFC 7643, sections 5 to 7), said of itself as it is. */
import type { Members } from './attributes.ts'
import { mostResults } from './schema.ts'
import { prefix, urn } from './urns.ts'

/** What can be asked for by itself. */
type Named = { id: string; schemas: string[] } & Members

export const serviceProviderConfig = (origin = '') => ({
  schemas: [urn.config],
  patch: { supported: true },
  bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
  filter: { supported: true, maxResults: mostResults },
  changePassword: { supported: false },
  sort: { supported: false },
  etag: { supported: false },
  authenticationSchemes: [
    {
      type: 'oauthbearertoken',
      name: 'Bearer token',
      description: 'An API key of Locksmith, or an access token of an identity provider that it knows',
      specUri: 'https://www.rfc-editor.org/info/rfc6750',
      primary: true
    }
  ],
  meta: { resourceType: 'ServiceProviderConfig', location: `${origin}${prefix}/ServiceProviderConfig` }
})

export const resourceTypes = (origin = ''): Named[] => [
  {
    schemas: [urn.resourceType],
    id: 'User',
    name: 'User',
    endpoint: '/Users',
    description: 'A user of Nextcloud',
    schema: urn.user,
    schemaExtensions: [{ schema: urn.operation, required: false }],
    meta: { resourceType: 'ResourceType', location: `${origin}${prefix}/ResourceTypes/User` }
  },
  {
    schemas: [urn.resourceType],
    id: 'Group',
    name: 'Group',
    endpoint: '/Groups',
    description: 'A group of Nextcloud',
    schema: urn.group,
    meta: { resourceType: 'ResourceType', location: `${origin}${prefix}/ResourceTypes/Group` }
  }
]

type Attribute = { name: string; description: string } & Record<string, unknown>

const attribute = (
  name: string,
  description: string,
  { type = 'string', mutability = 'readOnly', ...more }: Record<string, unknown> = {}
): Attribute => ({
  name,
  type,
  multiValued: false,
  description,
  required: false,
  caseExact: false,
  mutability,
  returned: 'default',
  uniqueness: 'none',
  ...more
})
const complex = (name: string, description: string, multiValued: boolean, subAttributes: Attribute[]) => {
  const {
    caseExact: _,
    uniqueness: __,
    ...rest
  } = attribute(name, description, { type: 'complex', multiValued })
  return { ...rest, subAttributes }
}
const reference = (to: string) =>
  attribute('$ref', 'Where it is', { type: 'reference', referenceTypes: [to], caseExact: true })

const userAttributes = [
  attribute('userName', "The user's id in Nextcloud, by which it is found. It never changes", {
    mutability: 'immutable',
    required: true,
    uniqueness: 'server'
  }),
  attribute('active', 'false off-boards the user, true reinstates it', {
    type: 'boolean',
    mutability: 'readWrite'
  }),
  attribute('displayName', 'As Nextcloud has it'),
  complex('name', 'As Nextcloud has it', false, [attribute('formatted', 'The display name')]),
  complex('emails', 'Where Nextcloud mails to', true, [
    attribute('value', 'The address'),
    attribute('type', 'Always `work`'),
    attribute('primary', 'Always true', { type: 'boolean' })
  ]),
  attribute('preferredLanguage', 'As the user has chosen in Nextcloud'),
  complex('groups', 'Groups of Nextcloud that the user is in', true, [
    attribute('value', "The group's id", { caseExact: true }),
    attribute('display', 'The same'),
    reference('Group')
  ])
]
const groupAttributes = [
  attribute('displayName', "The group's id in Nextcloud", { required: true, uniqueness: 'server' }),
  complex('members', 'Who is in it', true, [
    attribute('value', "The user's id", { caseExact: true }),
    attribute('type', 'Always `User`'),
    reference('User')
  ])
]
const operationAttributes = [
  attribute('operation', 'Path of the operation of Locksmith that works on the user, or waits to'),
  attribute('kind', 'What it does: `offboard`, `reinstate` …'),
  attribute('state', 'Such as `running`; `awaiting-approval`: nothing is decided yet'),
  attribute('approval', 'Path of the approval that it waits for')
]

export const schemas = (origin = ''): Named[] =>
  (
    [
      [urn.user, 'User', 'A user of Nextcloud', userAttributes],
      [urn.group, 'Group', 'A group of Nextcloud', groupAttributes],
      [urn.operation, 'Operation', 'What Locksmith is about to do to a user', operationAttributes]
    ] as const
  ).map(([id, name, description, attributes]) => ({
    schemas: [urn.schema],
    id,
    name,
    description,
    attributes,
    meta: { resourceType: 'Schema', location: `${origin}${prefix}/Schemas/${id}` }
  }))
