import t from 'tap'
import { eventually, startLocksmith } from '../support/locksmith.ts'
import { keyIn, keyOf } from './caller.ts'

const everything = [
  'users:read',
  'users:reset',
  'users:revoke',
  'users:offboard',
  'users:wipe',
  'users:delete'
] as const

/** `ann` and `adam` of acme, `gus` of globex, `both` of both, `none` of none. */
async function start(t: Parameters<typeof startLocksmith>[0], options: { worker?: boolean } = {}) {
  const locksmith = await startLocksmith(t, options)
  const { sandbox } = locksmith
  for (const [id, groups] of [
    ['ann', ['acme']],
    ['adam', ['acme']],
    ['gus', ['globex']],
    ['both', ['globex', 'acme']],
    ['none', []]
  ] as const)
    sandbox.createUser({ id, password: 'Old-Password-4711', email: `${id}@example.org`, groups: [...groups] })
  const limited = (groups: string[]) => keyOf(locksmith, [...everything], { allowedGroups: groups })
  return { ...locksmith, limited }
}

/** Everything that is about one user. */
const aboutUser = [
  ['GET', ''],
  ['GET', '/access'],
  ['GET', '/tokens'],
  ['POST', '/reset'],
  ['POST', '/reset-mail'],
  ['DELETE', '/tokens?replacePassword=true'],
  ['DELETE', '/tokens/1?replacePassword=true'],
  ['POST', '/disable'],
  ['POST', '/enable'],
  ['POST', '/wipe'],
  ['POST', '/offboard'],
  ['POST', '/reinstate']
] as const

t.test('a user outside the groups of a key is answered exactly as one who is not there', async (t) => {
  const { call, limited, world } = await start(t, { worker: false })
  const { authorization } = await limited(['acme'])
  for (const [method, path] of aboutUser) {
    const answers = await Promise.all(
      ['gus', 'none', 'nobody', 'GUS'].map(async (id) => {
        const { status, text } = await call(method, `/users/${id}${path}`, { authorization })
        return { status, text: text.replaceAll(id, '…') }
      })
    )
    for (const answer of answers) t.strictSame(answer, answers[2], `${method} ${path}`)
    t.match(answers[0], { status: 404, text: /unknown-user/ })
  }
  const admin = await call('POST', '/users/admin/reset', { authorization })
  t.match(admin, { status: 404, body: { code: 'unknown-user' } }, 'nor is it told which account is ours')
  const { rows } = await world.pool.query('SELECT count(*) AS n FROM operation')
  t.equal(rows[0].n, 0, 'nothing was begun')
})

t.test('a user of one of its groups is seen and touched, however the id is written', async (t) => {
  const { call, limited } = await start(t)
  const { authorization } = await limited(['initech', 'acme'])
  for (const id of ['ann', 'ANN', 'both']) {
    t.equal((await call('GET', `/users/${id}`, { authorization })).status, 200, id)
    t.equal((await call('GET', `/users/${id}/access`, { authorization })).status, 200, id)
  }
  const wait = { authorization, headers: { prefer: 'wait=20' } }
  t.match(await call('POST', '/users/ann/reset', wait), { status: 200, body: { state: 'succeeded' } })
})

t.test('whoever cannot be looked up is refused, never let through', async (t) => {
  const { call, limited, sandbox, world } = await start(t, { worker: false })
  const { authorization } = await limited(['acme'])
  sandbox.addFault({ match: { pathRegex: '/cloud/users/ann' }, do: 'hang-before' })
  const begun = performance.now()
  const late = await call('POST', '/users/ann/reset', { authorization })
  t.match(late, { status: 503, body: { code: 'nextcloud-unreachable' } })
  t.ok(performance.now() - begun < 10_000, 'in time')
  sandbox.clearFaults()
  await sandbox.close()
  t.equal((await call('POST', '/users/ann/reset', { authorization })).status, 503)
  const { rows } = await world.pool.query('SELECT count(*) AS n FROM operation')
  t.equal(rows[0].n, 0)
})

t.test('the list of users has the members of its groups, each once, and nobody else', async (t) => {
  const { call, limited } = await start(t, { worker: false })
  const all = async (key: { authorization: string }, query: string) => {
    const ids: string[] = []
    let pages = 0
    for (let path: string | undefined = `/users?${query}`; path && pages++ < 20; ) {
      const { body, headers, status } = await call('GET', path, { authorization: key.authorization })
      t.equal(status, 200, path)
      ids.push(...body.items.map(({ id }: { id: string }) => id))
      path = /<(.*)>; rel="next"/.exec(headers.get('link') ?? '')?.[1]
    }
    return ids
  }
  for (const limit of [1, 2, 50]) {
    t.strictSame((await all(await limited(['acme']), `limit=${limit}`)).toSorted(), ['adam', 'ann', 'both'])
    const two = await limited(['globex', 'gone', 'acme'])
    t.strictSame((await all(two, `limit=${limit}`)).toSorted(), ['adam', 'ann', 'both', 'gus'])
    t.strictSame(await all(two, `limit=${limit}&search=ann`), ['ann'])
  }
  const acme = await limited(['acme'])
  t.strictSame((await all(acme, 'group=acme')).toSorted(), ['adam', 'ann', 'both'])
  t.strictSame(await all(acme, 'search=gus'), [])
  t.strictSame(await all(await limited(['gone']), ''), [])
  const outside = await call('GET', '/users?group=globex', acme)
  const unknown = await call('GET', '/users?group=nogroup', acme)
  t.equal(outside.status, 404)
  t.equal(outside.text.replaceAll('globex', '…'), unknown.text.replaceAll('nogroup', '…'))
  t.equal(
    (await call('GET', '/users?cursor=50', acme)).status,
    400,
    "a cursor of an unlimited key's list is none"
  )
})

t.test('operations are its own alone: to see, to retry and to cancel', async (t) => {
  const { call, limited, sandbox, world } = await start(t, { worker: false })
  const acme = await limited(['acme'])
  const colleague = await limited(['acme'])
  const own = (await call('POST', '/users/ann/reset', acme)).body.id
  const others = (await call('POST', '/users/adam/reset', colleague)).body.id
  const global = (await call('POST', '/users/gus/reset')).body.id
  t.strictSame(
    (await call('GET', '/operations', acme)).body.items.map(({ id }: { id: string }) => id),
    [own]
  )
  t.equal((await call('GET', '/operations')).body.items.length, 3)
  t.equal((await call('GET', '/operations?userId=adam', acme)).body.items.length, 0)
  t.equal((await call('GET', `/operations/${own}`, acme)).status, 200)
  const unknown = '01a20914-e240-7000-8574-df606ca606b4'
  for (const id of [others, global])
    for (const [method, path] of [
      ['GET', ''],
      ['POST', '/retry'],
      ['POST', '/cancel']
    ] as const) {
      const headers = { prefer: 'wait=30' }
      const begun = performance.now()
      const answer = await call(method, `/operations/${id}${path}`, { ...acme, headers })
      const none = await call(method, `/operations/${unknown}${path}`, { ...acme, headers })
      t.equal(answer.status, 404)
      t.equal(answer.text.replaceAll(id, '…'), none.text.replaceAll(unknown, '…'))
      t.ok(performance.now() - begun < 5_000, 'at once')
    }

  const next = keyIn(await call('POST', `/keys/${acme.id}/rotate`))
  t.equal(
    (await call('GET', `/operations/${own}`, next)).status,
    200,
    'the key in its place has them as well'
  )

  await world.pool.query(
    `UPDATE operation SET state = 'needs-attention', finished_at = locksmith_now() WHERE id = $1`,
    [own]
  )
  sandbox.updateUser('ann', { groups: ['globex'] })
  t.match(
    await call('POST', `/operations/${own}/retry`, next),
    { status: 404, body: { code: 'unknown-user' } },
    'a user who has left its groups is touched no more'
  )
  t.equal((await call('POST', `/operations/${own}/cancel`, next)).status, 202, 'but may be left alone')
})

t.test('audit, doctor and keys are closed to it, whatever its scopes', async (t) => {
  const locksmith = await start(t, { worker: false })
  const { call } = locksmith
  const scopes = ['admin', 'audit:read', 'keys:manage'] as const
  const { id, authorization } = await keyOf(locksmith, [...scopes], { allowedGroups: ['acme'] })
  for (const [method, path] of [
    ['GET', '/audit'],
    ['GET', '/audit?userId=ann'],
    ['GET', '/doctor'],
    ['GET', '/keys'],
    ['GET', `/keys/${id}`],
    ['POST', `/keys/${id}/rotate`],
    ['DELETE', `/keys/${id}`],
    ['POST', '/keys']
  ] as const)
    t.match(
      await call(method, path, {
        authorization,
        ...(path === '/keys' && method === 'POST' && { body: { name: 'x', scopes: ['admin'] } })
      }),
      { status: 403, body: { code: 'limited-to-groups', groups: ['acme'] } },
      `${method} ${path}`
    )
  await eventually(
    async () => (await call('GET', `/keys/${id}`)).body.revokedAt,
    (at) => at === null
  )
})
