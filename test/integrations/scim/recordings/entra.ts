/**
 * Microsoft Entra ID, "Develop a SCIM endpoint",
 * https://learn.microsoft.com/entra/identity/app-provisioning/use-scim-to-provision-users-and-groups, and "Known issues
 * and resolutions with SCIM 2.0 protocol compliance",
 * https://learn.microsoft.com/entra/identity/app-provisioning/application-provisioning-config-problem-scim-compatibility,
 * which has the requests without and with the flag `aadOptscim062020`. Bodies are those of the pages.
 */
import type { Exchange, Person } from './exchange.ts'

const user = 'urn:ietf:params:scim:schemas:core:2.0:User'
const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
const list = 'urn:ietf:params:scim:api:messages:2.0:ListResponse'
const patch = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'
const error = 'urn:ietf:params:scim:api:messages:2.0:Error'

export const entra = {
  id: 'Test_User_00aa00aa-bb11-cc22-dd33-44ee44ee44ee',
  externalId: '0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef',
  address: 'Test_User_11bb11bb-cc22-dd33-ee44-55ff55ff55ff@testuser.com'
}

const at = ({ id }: Person) => `/Users/${encodeURIComponent(id)}`
const byFilter = (filter: string) => `/Users?filter=${encodeURIComponent(filter)}`

/** "Get User by query - Zero results": also its test of the connection, with a random name. */
export const findsNobody: Exchange = {
  says: 'nobody of that name',
  method: 'GET',
  path: byFilter('userName eq "non-existent user"'),
  answer: { status: 200, body: { schemas: [list], totalResults: 0, Resources: [], startIndex: 1 } }
}

/** "Get User by query", and the same by what an administrator may choose to match by. */
export const finds = ({ id, address }: Person): Exchange[] =>
  [`userName eq "${id}"`, `emails[type eq "work"].value eq "${address}"`].map((filter) => ({
    says: filter,
    method: 'GET',
    path: byFilter(filter),
    answer: { status: 200, body: { schemas: [list], totalResults: 1, Resources: [{ id, userName: id }] } }
  }))

/** "Create User". */
export const creates = ({ id, externalId, address }: Person): Exchange => ({
  says: 'the user is assigned',
  method: 'POST',
  path: '/Users',
  body: {
    schemas: [user, enterprise],
    externalId,
    userName: id,
    active: true,
    emails: [{ primary: true, type: 'work', value: address }],
    meta: { resourceType: 'User' },
    name: { formatted: 'givenName familyName', familyName: 'familyName', givenName: 'givenName' },
    roles: []
  },
  answer: { status: 201, body: { schemas: [user], id, externalId, userName: id, active: true } }
})

/** "Get User": found, and not found. */
export const gets = (person: Person): Exchange[] => [
  {
    says: 'the user',
    method: 'GET',
    path: at(person),
    answer: { status: 200, body: { schemas: [user], id: person.id } }
  },
  {
    says: 'nobody',
    method: 'GET',
    path: '/Users/5171a35d82074e068ce2',
    answer: { status: 404, body: { schemas: [error], status: '404' } }
  }
]

/** "Requests to replace multiple attributes", without and with the flag; the external id stays the user's. */
export const updates = (person: Person, flag: boolean): Exchange => ({
  says: `several attributes${flag ? ', with the flag' : ''}`,
  method: 'PATCH',
  path: at(person) + (flag ? '?aadOptscim062020' : ''),
  body: {
    schemas: [patch],
    Operations: flag
      ? [
          { op: 'replace', path: 'emails[type eq "work"].value', value: 'TestMhvaes@test.microsoft.com' },
          {
            op: 'replace',
            value: {
              displayName: 'Bjfe',
              'name.givenName': 'Kkom',
              'name.familyName': 'Unua',
              [`${enterprise}:employeeNumber`]: 'Aklq'
            }
          }
        ]
      : [
          { op: 'Replace', path: 'displayName', value: 'Pvlo' },
          { op: 'Replace', path: 'emails[type eq "work"].value', value: 'TestBcwqnm@test.microsoft.com' },
          { op: 'Replace', path: 'name.givenName', value: 'Gtfd' },
          { op: 'Replace', path: 'name.familyName', value: 'Pkqf' },
          { op: 'Replace', path: 'externalId', value: person.externalId },
          { op: 'Replace', path: `${enterprise}:employeeNumber`, value: 'Eqpj' }
        ]
  },
  answer: { status: 200, body: { id: person.id, externalId: person.externalId, active: true } }
})

/** "Requests made to disable users": text without the flag, a boolean with it. */
export const disables = (person: Person, flag: boolean): Exchange => ({
  says: flag ? 'active false, with the flag' : 'active "False"',
  method: 'PATCH',
  path: at(person) + (flag ? '?aadOptscim062020' : ''),
  body: {
    schemas: [patch],
    Operations: [
      flag
        ? { op: 'replace', path: 'active', value: false }
        : { op: 'Replace', path: 'active', value: 'False' }
    ]
  },
  answer: { status: 200, body: { schemas: [user], id: person.id, userName: person.id, active: false } }
})

/** The same for whoever is assigned again. */
export const enables = (person: Person): Exchange => ({
  says: 'active "True"',
  method: 'PATCH',
  path: at(person),
  body: { schemas: [patch], Operations: [{ op: 'Replace', path: 'active', value: 'True' }] },
  answer: { status: 200, body: { active: true } }
})

/** "Delete User": 30 days after the user was deleted in the directory. */
export const deletes = (person: Person): Exchange => ({
  says: 'the user is deleted',
  method: 'DELETE',
  path: at(person),
  answer: { status: 204 }
})

/** "Get Group by displayName". */
export const findsGroup = (displayName: string): Exchange => ({
  says: 'a group, without its members',
  method: 'GET',
  path: `/Groups?excludedAttributes=members&filter=${encodeURIComponent(`displayName eq "${displayName}"`)}`,
  answer: { status: 200, body: { schemas: [list], totalResults: 1, Resources: [{ displayName }] } }
})
