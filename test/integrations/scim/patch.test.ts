import t from 'tap'
import type { ScimError } from '../../../src/integrations/scim/errors.ts'
import { mostOperations, readPatch } from '../../../src/integrations/scim/patch.ts'
import { readUser } from '../../../src/integrations/scim/statement.ts'
import { activeIs, patchOf } from './stage.ts'

const refused = (read: () => unknown): string => {
  try {
    return `taken: ${JSON.stringify(read())}`
  } catch (error) {
    const { status, scimType } = error as ScimError
    return `${status} ${scimType}`
  }
}
const core = 'urn:ietf:params:scim:schemas:core:2.0:User'

t.test('false is false, in every spelling that clients send', async (t) => {
  for (const value of [false, 'False', 'false'])
    for (const op of ['replace', 'Replace', 'REPLACE', 'add', 'Add']) {
      for (const path of ['active', 'Active', 'ACTIVE', `${core}:active`])
        t.same(readPatch(patchOf({ op, path, value })), { active: false }, `${op} ${path} ${value}`)
      for (const name of ['active', 'Active', `${core}:active`])
        t.same(readPatch(patchOf({ op, value: { [name]: value } })), { active: false })
    }
  for (const value of [true, 'True', 'true']) t.same(readPatch(activeIs(value)), { active: true })
  t.same(readPatch({ operations: [{ OP: 'Replace', Path: 'active', VALUE: 'False' }] }), { active: false })
})

t.test('what is neither true nor false is refused, and never taken for one', async (t) => {
  for (const value of [
    'FALSE',
    'no',
    '',
    ' false',
    'falsch',
    0,
    1,
    null,
    undefined,
    [],
    [false],
    {},
    { value: false }
  ])
    t.equal(
      refused(() => readPatch(activeIs(value))),
      '400 invalidValue',
      JSON.stringify(value)
    )
  t.equal(
    refused(() => readUser({ userName: 'ann', active: 'nein' })),
    '400 invalidValue'
  )
})

t.test('an attribute that could be meant for active is refused, not ignored', async (t) => {
  for (const path of [
    'activ',
    'enabled',
    'accountEnabled',
    'active.value',
    'active[value eq "x"]',
    `${core}`
  ])
    t.match(
      refused(() => readPatch(patchOf({ op: 'replace', path, value: false }))),
      /^400 invalidPath/,
      path
    )
  const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
  for (const value of [
    { enabled: false },
    { [core]: { active: false } },
    { [`${enterprise}:active`]: false },
    { 'active.x': false }
  ])
    t.match(
      refused(() => readPatch(patchOf({ op: 'replace', value }))),
      /^400/,
      JSON.stringify(value)
    )
  t.equal(
    refused(() => readPatch(patchOf({ op: 'replace', value: { active: true, Active: false } }))),
    '400 invalidSyntax'
  )
  t.equal(
    refused(() => readPatch(patchOf({ op: 'remove', path: 'active' }))),
    '400 mutability'
  )
})

t.test('operations count in their order, and what is not acted on is taken', async (t) => {
  t.same(
    readPatch(
      patchOf({ op: 'replace', path: 'active', value: true }, { op: 'replace', value: { active: 'False' } })
    ),
    {
      active: false
    }
  )
  t.same(
    readPatch(
      patchOf(
        { op: 'Add', path: 'nickName', value: 'Babs' },
        { op: 'Replace', path: 'emails[type eq "work" and primary eq true].value', value: 'a@b.example' },
        { op: 'Remove', path: 'phoneNumbers[type eq "mobile"]' },
        { op: 'replace', path: 'externalId', value: 'X-1' },
        { op: 'replace', value: { externalId: null, 'name.givenName': 'A', schemas: [core] } }
      )
    ),
    { externalId: null }
  )
  t.same(readPatch(patchOf({ op: 'remove', path: 'externalId' })), { externalId: null })
})

t.test('what is no PatchOp says what is wrong with it', async (t) => {
  for (const [body, said] of [
    [undefined, 'invalidSyntax'],
    [[], 'invalidSyntax'],
    [{}, 'invalidSyntax'],
    [{ Operations: [] }, 'invalidSyntax'],
    [{ Operations: {} }, 'invalidSyntax'],
    [{ Operations: [null] }, 'invalidSyntax'],
    [{ schemas: [core], Operations: [{ op: 'replace', value: {} }] }, 'invalidSyntax'],
    [patchOf({ op: 'move', path: 'active', value: false }), 'invalidSyntax'],
    [patchOf({ op: { toString: 'replace' }, path: 'active', value: false }), 'invalidSyntax'],
    [{ schemas: [{ toString: 1 }], Operations: [{ op: 'replace', value: {} }] }, 'invalidSyntax'],
    [patchOf({ op: 'replace', path: { toString: 1 }, value: false }), 'invalidPath'],
    [patchOf({ op: 'remove' }), 'noTarget'],
    [patchOf({ op: 'replace', value: false }), 'invalidValue'],
    [patchOf({ op: 'replace', path: 7, value: false }), 'invalidPath'],
    [patchOf({ op: 'replace', path: 'emails[type eq', value: 'x' }), 'invalidPath'],
    [patchOf({ op: 'replace', path: 'id', value: 'bob' }), 'mutability'],
    [patchOf({ op: 'add', path: 'groups', value: [{ value: 'admin' }] }), 'mutability'],
    [patchOf({ op: 'replace', path: 'externalId', value: 5 }), 'invalidValue'],
    [patchOf({ op: 'replace', path: 'externalId', value: 'a\u0000b' }), 'invalidValue'],
    [patchOf({ op: 'replace', path: 'externalId', value: 'x'.repeat(256) }), 'invalidValue']
  ] as const)
    t.equal(
      refused(() => readPatch(body)),
      `400 ${said}`,
      JSON.stringify(body)
    )
})

t.test('nothing hostile reaches an object, nor takes long', async (t) => {
  for (const path of [
    '__proto__.polluted',
    'constructor.prototype.polluted',
    'toString.polluted',
    '__proto__'
  ])
    t.equal(
      refused(() => readPatch(patchOf({ op: 'add', path, value: 'yes' }))),
      '400 invalidPath',
      path
    )
  const own = JSON.parse('{"op":"add","value":{"__proto__":{"active":false}}}')
  t.equal(
    refused(() => readPatch(patchOf(own))),
    '400 invalidPath'
  )
  t.same(readUser(JSON.parse('{"userName":"ann","__proto__":{"active":false}}')).active, undefined)
  t.equal(({} as { polluted?: string }).polluted, undefined)

  const begun = performance.now()
  const many = Array.from({ length: mostOperations + 1 }, () => ({
    op: 'replace',
    path: 'active',
    value: false
  }))
  t.equal(
    refused(() => readPatch(patchOf(...many))),
    '400 tooMany'
  )
  for (const path of [`emails[type eq "${'\n'.repeat(400)}`, '('.repeat(490), `a.${'b.'.repeat(100_000)}c`])
    t.equal(
      refused(() => readPatch(patchOf({ op: 'add', path, value: 1 }))),
      '400 invalidPath'
    )
  t.ok(performance.now() - begun < 500)
})
