import t from 'tap'
import { ScimError } from '../../../src/integrations/scim/errors.ts'
import { readFilter } from '../../../src/integrations/scim/filter.ts'
import { project } from '../../../src/integrations/scim/projection.ts'

const refusal = Object.assign(new ScimError(400, 'invalidFilter', ''), {
  message: /^The filter /
}) as unknown as Error
const lookups = ['id', 'username', 'externalid', 'emails.value'] as const
const ann = {
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
  id: 'Ann',
  userName: 'Ann',
  externalId: 'X-1',
  name: { formatted: 'Ann Example' },
  active: true,
  emails: [{ value: 'Ann@Example.org', type: 'work', primary: true }]
}
const core = 'urn:ietf:params:scim:schemas:core:2.0:User'

t.test('a filter says by what to look, and whether what is found is meant', async (t) => {
  for (const [text, by, value, isMeant] of [
    ['userName eq "ann"', 'username', 'ann', true],
    ['USERNAME EQ "ANN"', 'username', 'ANN', true],
    [`${core}:userName eq "ann"`, 'username', 'ann', true],
    ['externalId eq "X-1"', 'externalid', 'X-1', true],
    ['externalId eq "x-1"', 'externalid', 'x-1', false],
    ['emails.value eq "ann@example.org"', 'emails.value', 'ann@example.org', true],
    ['emails eq "ann@example.org"', 'emails.value', 'ann@example.org', true],
    ['emails[type eq "work"].value eq "ANN@example.org"', 'emails.value', 'ANN@example.org', true],
    ['emails[type eq "home"].value eq "ann@example.org"', 'emails.value', 'ann@example.org', false],
    ['emails.value eq "ann@example.org" and userName eq "ann"', 'username', 'ann', true],
    ['active eq false and userName eq "ann"', 'username', 'ann', false],
    ['userName eq "ann" and (externalId eq "X-1" and active eq true)', 'username', 'ann', true],
    ['userName eq "ann" and externalId eq "other"', 'username', 'ann', false],
    ['userName eq "o\'hara ü \\"q\\""', 'username', 'o\'hara ü "q"', false]
  ] as const) {
    const query = readFilter(text, lookups)
    t.same([query.by, query.value, query.isMeant(ann)], [by, value, isMeant], text)
  }
})

t.test('what is not supported is refused: no filter is ever ignored', async (t) => {
  for (const text of [
    '',
    'userName',
    'userName eq',
    'userName eq ann',
    'userName co "a"',
    'userName pr',
    'userName ne "ann"',
    'userName eq "ann" or userName eq "bob"',
    'not (userName eq "ann")',
    'not (active eq true) and userName eq "ann"',
    'active eq true',
    'displayName eq "Ann"',
    'userName eq true',
    'emails[value eq "ann@example.org"]',
    'userName eq "ann") and (active eq true',
    '__proto__ eq "x"'
  ])
    t.throws(() => readFilter(text, lookups), refusal, text)
})

t.test('neither length nor depth nor line breaks cost time or stack', async (t) => {
  const begun = performance.now()
  for (const text of [
    '('.repeat(100_000),
    `${'('.repeat(900)}userName eq "a"`,
    `userName eq "${'\n'.repeat(300)}`,
    `userName eq "${'\\'.repeat(900)}`,
    `userName eq "${'a'.repeat(2_000)}"`,
    'not '.repeat(240),
    `userName eq "\u0000"`
  ])
    t.throws(() => readFilter(text, lookups), refusal)
  t.ok(performance.now() - begun < 500)
})

t.test('only what is wanted is answered, and always what the rest is read by', async (t) => {
  const { schemas, id, userName, name, active, emails } = ann
  t.same(project(ann, { attributes: 'USERNAME, emails.value' }), {
    schemas,
    id,
    userName,
    emails: [{ value: 'Ann@Example.org' }]
  })
  t.same(project(ann, { attributes: `${core}:active,name` }), { schemas, id, name, active })
  t.same(project(ann, { excludedAttributes: 'externalId,emails.primary,name,id' }), {
    schemas,
    id,
    userName,
    active,
    emails: [{ value: 'Ann@Example.org', type: 'work' }]
  })
  t.same(project(ann, { attributes: 'nothing,__proto__' }), { schemas, id })
  t.same(project(ann, { attributes: ',', excludedAttributes: '' }), ann)
  t.same(project({ ...ann, emails }, {}), ann)
})
