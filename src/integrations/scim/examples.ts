/** As the sandbox answers, for the document. */

import { listOf } from './schema.ts'
import { urn } from './urns.ts'
import { viewOf } from './user.ts'

const alice = {
  id: 'alice',
  displayName: 'Alice Archer',
  mailAddress: 'alice@acme.example',
  enabled: true,
  backend: 'Database',
  canSetPassword: true,
  language: 'en',
  groups: ['acme'],
  lastLogin: null
}
const known = { place: 'alice', userId: 'alice', externalId: '00ujl29u0le5T6Aj10h7', isDeleted: false }
const caller = { actor: 'key:4kT0bXr2LmQz', owner: 'okta', scopes: [], vouchers: [] } as const
const act = {
  id: '01a20925-c3e6-7000-811c-b7882fb98871',
  place: 'alice',
  kind: 'offboard',
  owner: 'okta',
  deleteAfter: null,
  willRevokeAll: true
} as const
const as = (standing: Parameters<typeof viewOf>[0]['standing']) =>
  viewOf({ user: alice, standing, known }, { ...caller, scopes: [], vouchers: [] })

export const user = as({ held: [] })
/** The off-boarding is recorded. */
export const leaver = as({ held: [], open: { ...act, state: 'queued', approvalId: null } })
/** A brake is reached: nothing is decided. */
export const held = as({
  held: [{ ...act, state: 'awaiting-approval', approvalId: '01a20931-0d3e-7000-9c55-2f1d7a3f6a10' }]
})
export const users = listOf({ total: 1, offset: 0 }, [user])

export const assigned = {
  schemas: [urn.user],
  userName: 'alice',
  externalId: '00ujl29u0le5T6Aj10h7',
  emails: [{ primary: true, value: 'alice@acme.example', type: 'work' }],
  active: true
}
export const replaced = { ...assigned, id: 'alice', active: false }
export const deactivation = {
  schemas: [urn.patch],
  Operations: [{ op: 'replace', value: { active: false } }]
}
export const entraDeactivation = {
  schemas: [urn.patch],
  Operations: [{ op: 'Replace', path: 'active', value: 'False' }]
}

export const group = {
  schemas: [urn.group],
  id: 'acme',
  displayName: 'acme',
  members: [{ value: 'alice', type: 'User', $ref: '/scim/v2/Users/alice' }],
  meta: { resourceType: 'Group', location: '/scim/v2/Groups/acme' }
}
export const groups = listOf({ total: 1, offset: 0 }, [group])
