/**
 * Okta, "Okta and SCIM Version 2.0", https://developer.okta.com/docs/reference/scim/scim-20/. Bodies are those of the
 * page; `User-Agent: Okta SCIM Client 1.0.0`. New apps of the integration network deactivate by PATCH, those made with
 * the App Integration Wizard by PUT of the whole user; Okta never sends DELETE.
 */
import type { Exchange, Person } from './exchange.ts'

const user = 'urn:ietf:params:scim:schemas:core:2.0:User'
const list = 'urn:ietf:params:scim:api:messages:2.0:ListResponse'

export const okta = {
  id: 'test.user@okta.local',
  externalId: '00ujl29u0le5T6Aj10h7',
  address: 'test.user@okta.local'
}

/** The first page of an import, and the test of the connection: a few users. */
export const connects: Exchange = {
  says: 'are you there',
  method: 'GET',
  path: '/Users?startIndex=1&count=2',
  answer: { status: 200, body: { schemas: [list], startIndex: 1 } }
}

/** "Determine if the User already exists". */
export const looksFor = ({ id }: Person): Exchange => ({
  says: 'is the user there',
  method: 'GET',
  path: `/Users?filter=${encodeURIComponent(`userName eq "${id}"`)}&startIndex=1&count=100`,
  answer: {
    status: 200,
    body: {
      schemas: [list],
      totalResults: 1,
      startIndex: 1,
      itemsPerPage: 1,
      Resources: [{ id, userName: id }]
    }
  }
})

/** "Create the User". The password is one that Okta makes up. */
export const creates = ({ id, externalId, address }: Person): Exchange => ({
  says: 'the user is assigned',
  method: 'POST',
  path: '/Users',
  body: {
    schemas: [user],
    userName: id,
    name: { givenName: 'Test', familyName: 'User' },
    emails: [{ primary: true, value: address, type: 'work' }],
    displayName: 'Test User',
    locale: 'en-US',
    externalId,
    groups: [],
    password: '1mz050nq',
    active: true
  },
  answer: {
    status: 201,
    body: { schemas: [user], id, userName: id, externalId, active: true, meta: { resourceType: 'User' } }
  }
})

/** "Retrieve the User", before each PUT. */
export const retrieves = ({ id }: Person): Exchange => ({
  says: 'how is the user',
  method: 'GET',
  path: `/Users/${encodeURIComponent(id)}`,
  answer: { status: 200, body: { schemas: [user], id, userName: id, meta: { resourceType: 'User' } } }
})

/** "Update the User": the whole user, with what Okta has changed in it. */
export const replaces = ({ id, address }: Person, active: boolean): Exchange => ({
  says: `the whole user, with active ${active}`,
  method: 'PUT',
  path: `/Users/${encodeURIComponent(id)}`,
  body: {
    schemas: [user],
    id,
    userName: id,
    name: { givenName: 'Another', middleName: 'Excited', familyName: 'User' },
    emails: [{ primary: true, value: address, type: 'work', display: address }],
    active,
    groups: [],
    meta: { resourceType: 'User' }
  },
  answer: { status: 200, body: { id, userName: id, active } }
})

/** "Update a specific User (PATCH)": without a path. */
export const patches = ({ id }: Person, active: boolean): Exchange => ({
  says: `active ${active}`,
  method: 'PATCH',
  path: `/Users/${encodeURIComponent(id)}`,
  body: {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
    Operations: [{ op: 'replace', value: { active } }]
  },
  answer: { status: 200, body: { id, userName: id, active } }
})
