import { connect } from 'node:net'
import t from 'tap'
import { keyOf } from '../../access/caller.ts'
import { activeIs, clientOf, errorSchema, problemOf, setStage } from './stage.ts'

const stage = await setStage(t, { worker: false })
const { idp, arrive, sandbox, call, url } = stage
const idsOf = ({ body }: { body: { Resources: { id: string }[] } }) => body.Resources.map(({ id }) => id)

t.test('pages hold everybody once, in one order, whatever their size', async (t) => {
  for (let n = 0; n < 12; n++) arrive(`page${String(n).padStart(2, '0')}`)
  const whole = await idp('GET', '/Users?count=200')
  t.match(whole.body, {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
    totalResults: sandbox.users().length,
    startIndex: 1,
    itemsPerPage: sandbox.users().length
  })
  const ids = idsOf(whole)
  t.equal(new Set(ids).size, ids.length)
  for (const count of [1, 5, 100]) {
    const paged: string[] = []
    for (let startIndex = 1; startIndex <= whole.body.totalResults; startIndex += count) {
      const page = await idp('GET', `/Users?startIndex=${startIndex}&count=${count}`)
      t.equal(page.body.totalResults, ids.length)
      paged.push(...idsOf(page))
    }
    t.same(paged, ids, `${count} at a time`)
  }
  for (const [query, startIndex, items] of [
    ['count=0', 1, 0],
    ['count=-3', 1, 0],
    ['startIndex=0&count=2', 1, 2],
    ['startIndex=-9&count=2', 1, 2],
    ['startIndex=100000', 100_000, 0]
  ] as const)
    t.match((await idp('GET', `/Users?${query}`)).body, {
      startIndex,
      itemsPerPage: items,
      totalResults: ids.length
    })
  t.match(await idp('GET', '/Users?count=x'), { status: 400, body: { scimType: 'invalidValue' } })
})

t.test('an id beyond the first 65536 characters is an id', async (t) => {
  const id = arrive('\u{20bb7}', { email: 'rare@example.org' })
  t.match(await idp('GET', `/Users/${encodeURIComponent(id)}`), { status: 200, body: { id } })
})

t.test('only what is wanted is answered', async (t) => {
  const { body } = await idp('GET', '/Users/ann?attributes=userName')
  t.same(Object.keys(body).toSorted(), ['id', 'schemas', 'userName'])
  const [first] = (await idp('GET', '/Users?count=1&excludedAttributes=groups,meta')).body.Resources
  t.notOk('groups' in first || 'meta' in first)
  t.ok('emails' in first)
})

t.test('groups are listed, read, found by name and by member, and changed by nobody', async (t) => {
  sandbox.createGroup('empty group')
  t.ok(idsOf(await idp('GET', '/Groups')).includes('empty group'))
  t.match((await idp('GET', '/Groups/globex')).body, {
    id: 'globex',
    displayName: 'globex',
    members: [{ value: 'gus', type: 'User', $ref: '/scim/v2/Users/gus' }]
  })
  t.same((await idp('GET', '/Groups/empty%20group')).body.members, [])
  const find = async (filter: string) =>
    idsOf(await idp('GET', `/Groups?filter=${encodeURIComponent(filter)}`))
  t.same(await find('displayName eq "GLOBEX"'), ['globex'])
  t.same(await find('members eq "gus"'), ['globex'])
  t.same(await find('id eq "acme" and members.value eq "gus"'), [])
  t.same(await find('displayName eq "nogroup"'), [])
  t.match(await idp('GET', '/Groups/nogroup'), { status: 404, body: { status: '404' } })
  t.match((await idp('GET', '/Users/gus')).body.groups, [{ value: 'globex', $ref: '/scim/v2/Groups/globex' }])
  for (const [method, path, body] of [
    ['POST', '/Groups', { displayName: 'new' }],
    ['PUT', '/Groups/acme', {}],
    ['PATCH', '/Groups/acme', {}],
    ['DELETE', '/Groups/acme'],
    ['POST', '/Bulk', {}],
    ['GET', '/Me'],
    ['POST', '/Users/.search', {}]
  ] as const)
    t.match(
      await idp(method, path, body),
      { status: 501, body: { schemas: [errorSchema], status: '501' } },
      path
    )
})

t.test('what it says of itself is how it is', async (t) => {
  t.match((await idp('GET', '/ServiceProviderConfig')).body, {
    patch: { supported: true },
    bulk: { supported: false },
    filter: { supported: true, maxResults: 200 },
    changePassword: { supported: false },
    sort: { supported: false },
    etag: { supported: false },
    authenticationSchemes: [{ type: 'oauthbearertoken', primary: true }]
  })
  const types = await idp('GET', '/ResourceTypes')
  t.same(idsOf(types), ['User', 'Group'])
  for (const { endpoint } of types.body.Resources) t.equal((await idp('GET', endpoint)).status, 200)
  const { Resources: schemas } = (await idp('GET', '/Schemas')).body
  for (const { id, meta } of schemas) {
    t.equal((await idp('GET', `/Schemas/${id}`)).body.id, id)
    t.equal(meta.location, `/scim/v2/Schemas/${id}`)
  }
  const { attributes } = schemas.find(({ name }: { name: string }) => name === 'User')
  const writable = attributes.filter(({ mutability }: { mutability: string }) => mutability === 'readWrite')
  t.same(
    writable.map(({ name }: { name: string }) => name),
    ['active']
  )
  const user = (await idp('GET', '/Users/ann')).body
  const common = ['schemas', 'id', 'externalId', 'meta']
  for (const name of Object.keys(user).filter((each) => !common.includes(each)))
    t.ok(
      attributes.some((attribute: { name: string }) => attribute.name === name),
      name
    )
  t.match(await idp('GET', '/Schemas?filter=x'), { status: 403, body: { status: '403' } })
  t.equal((await idp('GET', '/Schemas/none')).status, 404)
})

t.test('every refusal below /scim/v2 has the form of SCIM', async (t) => {
  const { authorization } = await keyOf(stage, ['audit:read'])
  const reader = await keyOf(stage, ['users:read'])
  const scim = (path: string, options: Parameters<typeof call>[2] = {}, method = 'GET') =>
    call(method, `/scim/v2${path}`, options)
  const json = { 'content-type': 'application/scim+json' }
  for (const [said, status, code] of [
    [await scim('/Users', { authorization: null }), 401, 'unauthorized'],
    [await scim('/Users', { authorization: 'Bearer nonsense' }), 401, 'unauthorized'],
    [await scim('/Users', { authorization }), 403, 'missing-scope'],
    [
      await scim('/Users/ann', { authorization: reader.authorization, body: activeIs(false) }, 'PATCH'),
      403,
      'missing-scope'
    ],
    [await scim('/Users/nobody'), 404, 'unknown-user'],
    [await scim('/Users/a%2Fb'), 404, 'invalid-user-id'],
    [await scim('/Users/a%00b'), 404, 'invalid-user-id'],
    [await scim('/Users/..%2fadmin'), 404, 'invalid-user-id'],
    [await scim(`/Users/${'x'.repeat(300)}`), 404, 'invalid-user-id'],
    [await scim(`/Users/${'x'.repeat(3_000)}`), 400, 'invalid-request'],
    [await scim('/Users/%ff'), 400, 'invalid-request'],
    [await scim('/Users/ann', { body: '{', headers: json }, 'PATCH'), 400, 'malformed-json'],
    [
      await scim('/Users/ann', { body: '{"__proto__":{"x":1}}', headers: json }, 'PATCH'),
      400,
      'malformed-json'
    ],
    [
      await scim('/Users/ann', { body: 'x', headers: { 'content-type': 'text/plain' } }, 'PATCH'),
      415,
      'unsupported-media-type'
    ],
    [
      await scim('/Users/ann', { body: JSON.stringify('x'.repeat(70_000)), headers: json }, 'PUT'),
      413,
      'body-too-large'
    ],
    [
      await scim('/Users/ann?dryRun=true', { body: activeIs(false), headers: json }, 'PATCH'),
      400,
      'invalid-request'
    ],
    [
      await scim(
        '/Users/ann',
        { body: activeIs(false), headers: { ...json, 'idempotency-key': 'a b' } },
        'PATCH'
      ),
      400,
      'idempotency-key-invalid'
    ]
  ] as const) {
    t.match(
      said,
      { status, body: { schemas: [errorSchema], status: String(status), detail: /./ } },
      `${code}: ${said.text}`
    )
    t.equal(problemOf(said.body), code)
    t.equal(said.headers.get('content-type'), 'application/scim+json; charset=utf-8')
  }
  t.match(await scim('/Nothing'), { status: 404, body: { schemas: [errorSchema], status: '404' } })
  t.match(await scim('/Users/ann', {}, 'POST'), { status: 404, body: { schemas: [errorSchema] } })
  t.match(await scim('/Users', { body: [], headers: json }, 'POST'), {
    status: 400,
    body: { scimType: 'invalidValue' }
  })
  t.match(await scim('/Users', { body: {}, headers: json }, 'POST'), {
    status: 400,
    body: { scimType: 'invalidValue' }
  })
  t.match(
    await call('GET', '/nothing'),
    { status: 404, body: { code: 'not-found' } },
    'elsewhere it has its own'
  )
  t.match(
    await scim('/Users/ann', { authorization: null }).then(({ headers }) => headers.get('www-authenticate')),
    /^Bearer/
  )
  t.equal((await stage.operations('ann')).length, 0, 'nothing was begun')
})

t.test('a filter that is hostile is refused at once', async (t) => {
  const begun = performance.now()
  for (const filter of [
    '('.repeat(5_000),
    `userName eq "${'\n'.repeat(60)}`,
    `userName eq "${'a'.repeat(5_000)}"`,
    'userName eq "\u0000"'
  ])
    t.match(await idp('GET', `/Users?filter=${encodeURIComponent(filter)}`), {
      status: 400,
      body: { schemas: [errorSchema], scimType: 'invalidFilter' }
    })
  for (const name of ['..', 'a/b', 'details', '__proto__', "x' OR '1'='1", '😀'])
    t.match(await idp('GET', `/Users?filter=${encodeURIComponent(`userName eq "${name}"`)}`), {
      status: 200,
      body: { totalResults: 0 }
    })
  t.ok(performance.now() - begun < 8_000)
})

t.test('both kinds of JSON are taken, and an Idempotency-Key is honoured', async (t) => {
  const id = arrive('idem')
  const body = { userName: id, externalId: 'I-1', active: true }
  const headers = { 'content-type': 'application/json', 'idempotency-key': 'k1' }
  const first = await idp('POST', '/Users', body, headers)
  t.equal(first.status, 201)
  const again = await idp('POST', '/Users', body, headers)
  t.equal(again.headers.get('idempotency-replayed'), 'true')
  t.equal(again.text, first.text)
  t.equal(again.headers.get('content-type'), first.headers.get('content-type'))
  const careful = await keyOf(stage, ['users:offboard'], { requireIdempotencyKey: true })
  const refused = await call('PATCH', `/scim/v2/Users/${id}`, { ...careful, body: activeIs(false) })
  t.equal(problemOf(refused.body), 'idempotency-key-missing')
})

t.test('where PUBLIC_URL is set locations are whole, whatever host a request names', async (t) => {
  const usual = stage.world.config
  stage.world.config = { ...usual, publicOrigin: 'https://locksmith.example.org' }
  const other = await clientOf(stage, 'whole')
  const { body } = await other('GET', '/Users/ann', undefined, { 'x-forwarded-host': 'evil.example' })
  stage.world.config = usual
  t.equal(body.meta.location, 'https://locksmith.example.org/scim/v2/Users/ann')
})

t.test('a body that never comes begins nothing', async (t) => {
  const { port } = new URL(url)
  const socket = connect(Number(port), '127.0.0.1')
  const { authorization } = await keyOf(stage, ['users:offboard'])
  socket.write(
    `PATCH /scim/v2/Users/bob HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\nContent-Type: application/scim+json\r\nContent-Length: 100\r\n\r\n{"Operations":[{"op":"replace","path":"active","value":false}]`
  )
  await new Promise((resolve) => setTimeout(resolve, 200))
  socket.destroy()
  t.equal((await stage.operations('bob')).length, 0)
})
