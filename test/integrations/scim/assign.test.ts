import t from 'tap'
import { activeIs, clientOf, errorSchema, patchOf, setStage } from './stage.ts'

const stage = await setStage(t, { worker: false })
const { idp, arrive, sandbox, operations } = stage
const other = await clientOf(stage, 'another')
const emails = (value: string) => [{ value, type: 'work', primary: true }]

t.test('a user that Nextcloud has is linked, and found by what the client calls it', async (t) => {
  const id = arrive('linked')
  const said = await idp('POST', '/Users', { userName: 'LINKED', externalId: 'L-1', active: true })
  t.match(said, { status: 201, body: { id, userName: id, externalId: 'L-1', active: true } })
  t.equal(said.headers.get('location'), `/scim/v2/Users/${id}`)
  const found = await idp('GET', `/Users?filter=${encodeURIComponent('externalId eq "L-1"')}`)
  t.match(found.body, { totalResults: 1, Resources: [{ id, externalId: 'L-1' }] })
  t.equal(
    (await idp('GET', `/Users?filter=${encodeURIComponent('externalId eq "l-1"')}`)).body.totalResults,
    0
  )
  t.match(await idp('POST', '/Users', { userName: id, externalId: 'L-1' }), { status: 201 }, 'sent again')
  t.equal((await operations(id)).length, 0)
})

t.test('what one client calls a user is nothing to another', async (t) => {
  const [one, two] = [arrive('mine'), arrive('yours')]
  t.equal((await idp('POST', '/Users', { userName: one, externalId: 'S' })).status, 201)
  t.equal((await other('POST', '/Users', { userName: two, externalId: 'S' })).status, 201)
  t.equal((await other('GET', `/Users/${one}`)).body.externalId, undefined)
  t.match((await idp('GET', `/Users?filter=${encodeURIComponent('externalId eq "S"')}`)).body, {
    Resources: [{ id: one }]
  })
})

t.test('an external id is one user alone, and a user has one; also of three at once', async (t) => {
  const [one, two] = [arrive('unique'), arrive('second')]
  await idp('POST', '/Users', { userName: one, externalId: 'U-1' })
  const conflict = { status: 409, body: { schemas: [errorSchema], status: '409', scimType: 'uniqueness' } }
  t.match(await idp('POST', '/Users', { userName: two, externalId: 'U-1' }), conflict)
  t.match(await idp('POST', '/Users', { userName: one, externalId: 'U-2' }), conflict)
  t.match(await idp('PUT', `/Users/${two}`, { userName: two, externalId: 'U-1' }), conflict)
  const users = [arrive('fast1'), arrive('fast2'), arrive('fast3')]
  const all = await Promise.all(users.map((userName) => idp('POST', '/Users', { userName, externalId: 'F' })))
  t.same(all.map(({ status }) => status).toSorted(), [201, 409, 409])
  t.match(await idp('PATCH', `/Users/${one}`, patchOf({ op: 'remove', path: 'externalId' })), { status: 200 })
  t.equal((await idp('PUT', `/Users/${two}`, { userName: two, externalId: 'U-1' })).status, 200, 'it is free')
  await fetch(`${sandbox.url}/ocs/v2.php/cloud/users/${two}`, {
    method: 'DELETE',
    headers: {
      'ocs-apirequest': 'true',
      authorization: `Basic ${Buffer.from(`${sandbox.admin.user}:${sandbox.admin.password}`).toString('base64')}`
    }
  })
  t.notOk(sandbox.users().some((user) => user.id === two))
  t.equal(
    (await idp('POST', '/Users', { userName: one, externalId: 'U-1' })).status,
    201,
    'so is that of nobody'
  )
})

t.test('by mail address a user is found who alone has it', async (t) => {
  const id = arrive('by-mail', { email: 'by.mail@corp.example' })
  const body = { userName: 'By.Mail@corp.example', externalId: 'M', emails: emails('by.mail@corp.example') }
  t.match(await idp('POST', '/Users', body), { status: 201, body: { id, userName: id, externalId: 'M' } })
  t.match(await idp('POST', '/Users', { userName: 'someone', emails: emails('BY.MAIL@corp.example') }), {
    status: 201,
    body: { id }
  })
  arrive('by-mail-too', { email: 'by.mail@corp.example' })
  t.match(await idp('POST', '/Users', body), { status: 409, body: { detail: /Several users/ } })
  const two = { userName: 'nobody', emails: [{ value: 'a@corp.example' }, { value: 'by.mail@corp.example' }] }
  t.equal((await idp('POST', '/Users', two)).status, 400, 'of several addresses none is the primary one')
})

t.test('whoever is not there is not made, and it is said who makes accounts', async (t) => {
  const said = await idp('POST', '/Users', {
    userName: 'newcomer',
    externalId: 'N',
    emails: emails('n@corp.example')
  })
  t.match(said, { status: 400, body: { schemas: [errorSchema], status: '400', scimType: 'invalidValue' } })
  t.match(said.body.detail, /made by Nextcloud's own login/)
  t.notOk(sandbox.users().some(({ id }) => id === 'newcomer'))
  for (const userName of ['\ud800@example.org', 'a\0@example.org'])
    t.match(await idp('POST', '/Users', { userName }), { status: 400, body: { scimType: 'invalidValue' } })
  t.equal((await idp('GET', `/Users?filter=${encodeURIComponent('externalId eq "N"')}`)).body.totalResults, 0)
})

t.test('a leaver who is assigned as such is off-boarded', async (t) => {
  const id = arrive('assigned-inactive')
  const said = await idp('POST', '/Users', { userName: id, externalId: 'A', active: 'False' })
  t.match(said, { status: 201, body: { active: false, externalId: 'A' } })
  t.equal((await operations(id)).length, 1)
})

t.test('what else a client says of a user is taken, and nothing comes of it', async (t) => {
  const id = arrive('as-is', { displayName: 'As It Is' })
  const before = (await idp('GET', `/Users/${id}`)).body
  const body = {
    userName: id,
    displayName: 'Mallory',
    emails: emails('mallory@example.net'),
    password: 'Hunter2-Hunter2',
    groups: [{ value: 'admin' }],
    roles: ['admin']
  }
  for (const said of [
    await idp('PUT', `/Users/${id}`, body),
    await idp('PATCH', `/Users/${id}`, patchOf({ op: 'replace', path: 'emails', value: body.emails })),
    await idp('PATCH', `/Users/${id}`, patchOf({ op: 'replace', value: { displayName: 'x', password: 'y' } }))
  ])
    t.match(said, { status: 200, body: before })
  const now = sandbox.users().find((user) => user.id === id)!
  t.match(now, { displayName: 'As It Is', email: `${id}@example.org`, password: 'Old-Password-4711' })
})

t.test('a key for some groups links, sees and changes their members alone', async (t) => {
  const limited = await clientOf(stage, 'limited', { allowedGroups: ['acme'] })
  const filter = (text: string) => `/Users?filter=${encodeURIComponent(text)}`
  for (const [method, path, body] of [
    ['GET', '/Users/gus'],
    ['PATCH', '/Users/gus', activeIs(false)],
    ['PUT', '/Users/gus', { userName: 'gus', active: false }],
    ['DELETE', '/Users/gus'],
    ['POST', '/Users', { userName: 'gus', active: false, emails: emails('gus@example.org') }],
    ['GET', filter('userName eq "gus"')],
    ['GET', filter('emails.value eq "gus@example.org"')],
    ['GET', '/Groups/globex'],
    ['GET', `/Groups?filter=${encodeURIComponent('displayName eq "globex"')}`]
  ] as const) {
    const outside = await limited(method, path, body)
    const nobody = await limited(
      method,
      path.replace('gus', 'nil').replace('globex', 'nogroup'),
      JSON.parse(JSON.stringify(body ?? null).replaceAll('gus', 'nil')) ?? undefined
    )
    t.equal(outside.status, nobody.status, `${method} ${path}`)
    t.equal(outside.text.replaceAll('gus', 'nil').replaceAll('globex', 'nogroup'), nobody.text)
  }
  t.equal((await operations('gus')).length, 0)
  t.equal((await limited('POST', '/Users', { userName: 'bob', externalId: 'B' })).status, 201)
  t.match(await limited('PATCH', '/Users/bob', activeIs(false)), { status: 200, body: { active: false } })
  const all = (await limited('GET', '/Users')).body
  t.ok(all.Resources.length > 2)
  t.ok(
    all.Resources.every(({ groups }: { groups: { value: string }[] }) =>
      groups.some(({ value }) => value === 'acme')
    )
  )
  t.equal(all.totalResults, all.Resources.length)
  t.same(
    (await limited('GET', '/Groups')).body.Resources.map(({ id }: { id: string }) => id),
    ['acme']
  )
})
