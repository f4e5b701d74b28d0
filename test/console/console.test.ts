import t from 'tap'
import { keyOf } from '../access/caller.ts'
import { leaver } from '../support/leaver.ts'
import { eventually, firstKey, startLocksmith } from '../support/locksmith.ts'
import { plantCampaign, plantPeople } from '../support/planted-campaign.ts'
import { fieldsOf, signedIn, visitor } from './stage.ts'

t.test('the console', async (t) => {
  const locksmith = await startLocksmith(t)
  const { url, call, world, sandbox } = locksmith
  sandbox.createUser({
    id: 'anna',
    password: 'Old-Password-4711',
    email: 'anna@acme.example',
    displayName: 'Anna Albers'
  })

  t.test('says nothing of anybody before somebody has signed in', async (t) => {
    const anybody = visitor(url)
    for (const path of [
      '/console',
      '/console/people?search=anna',
      '/console/people/anna',
      '/console/live',
      '/console/nowhere'
    ]) {
      const { status, text, headers } = await anybody.open(path)
      t.ok(status === 401 || status === 404, `${path}: ${status}`)
      t.notMatch(text, /Albers/)
      t.equal(headers.get('cache-control'), 'no-store')
      t.match(
        headers.get('content-security-policy'),
        /^default-src 'none';style-src 'self';script-src 'self';/
      )
    }
    t.equal((await anybody.send('/console/people/anna/offboard', { step: 'do' })).status, 401)
    t.equal((await call('GET', '/operations')).body.items.length, 0)
  })

  t.test(
    'a session is an httpOnly cookie of which the database has the hash alone, and is in the audit',
    async (t) => {
      const visit = visitor(url)
      const answer = await visit.signIn(firstKey)
      t.match(answer, { status: 303 })
      t.equal(answer.headers.get('location'), '/console')
      const cookie = answer.headers.get('set-cookie')!
      t.match(cookie, /^locksmith-console=[\w-]{43}; Path=\/console; HttpOnly; SameSite=Lax$/)
      const token = visit.cookies.get('locksmith-console')!
      const { rows } = await world.pool.query('SELECT s::text AS row FROM console_session s')
      t.notMatch(JSON.stringify(rows), token)
      t.notMatch(JSON.stringify(rows), firstKey)
      const { text, status } = await visit.open('/console')
      t.equal(status, 200)
      t.match(text, /Nothing needs attention/)
      t.match((await call('GET', '/audit?action=console.signed-in&limit=1')).body.items, [
        { actor: 'key:first', sourceAddress: '127.0.0.1' }
      ])
      t.equal(
        (await call('GET', '/operations', { authorization: `Bearer ${token}` })).status,
        401,
        'the API takes no session'
      )
      t.equal((await call('GET', '/operations', { authorization: `Session x ${token}` })).status, 401)

      t.equal((await visit.send('/console/sign-out', {})).status, 303)
      visit.cookies.set('locksmith-console', token)
      t.equal((await visit.open('/console')).status, 401, 'it is over at the server')
      t.match((await call('GET', '/audit?action=console.signed-out&limit=1')).body.items, [
        { actor: 'key:first' }
      ])
    }
  )

  t.test('off-boarding: first what would happen, then it, once however often it is sent', async (t) => {
    const lea = leaver(sandbox, { id: 'lea' })
    const visit = await signedIn(t, locksmith, firstKey)
    const found = await visit.open('/console/people?search=lea')
    t.match(found.text, '/console/people/lea')
    const person = await visit.open('/console/people/lea')
    t.match(person.text, '/console/people/lea/offboard')
    const form = await visit.open('/console/people/lea/offboard')
    t.equal(form.status, 200)
    const look = await visit.send('/console/people/lea/offboard', {
      ...fieldsOf(form, 'Show what would happen'),
      reason: 'has left'
    })
    t.match(look.text, /Nothing was changed by looking/)
    t.match(look.text, /Disable the account/)
    const unsaid = await visit.send('/console/people/lea/offboard', fieldsOf(form, 'Show what would happen'))
    t.match(unsaid.text, /What would happen/)
    t.notMatch(unsaid.text, /<dd><\/dd>/, 'what was not said takes no line')
    t.equal((await call('GET', '/operations?userId=lea')).body.items.length, 0)
    const fields = fieldsOf(look, /Off-board lea now/)
    t.equal(
      (await visit.send('/console/people/lea/offboard', { ...fields, seen: 'another' })).status,
      409,
      'what is confirmed is what was shown'
    )
    t.equal((await call('GET', '/operations?userId=lea')).body.items.length, 0)
    const done = await visit.send('/console/people/lea/offboard', fields)
    t.equal(done.status, 303, done.text)
    const where = done.headers.get('location')!
    const again = await visit.send('/console/people/lea/offboard', fields)
    t.ok([303, 409].includes(again.status))
    await eventually(
      async () => (await visit.open(`${where}/live`)).headers.get('x-over'),
      (isOver) => isOver === 'true'
    )
    const { items } = (await call('GET', '/operations?userId=lea')).body
    t.match(items, [{ requestedBy: 'key:first', reason: 'has left' }])
    t.equal(items.length, 1)
    t.same(lea.alive(), [])
    const after = await visit.open('/console/people/lea')
    t.match(after.text, /asked for an off-boarding/)
  })

  t.test('who is not in Nextcloud has a history, and no access', async (t) => {
    const visit = await signedIn(t, locksmith, firstKey)
    const { text } = await visit.open('/console/people/nobody-there')
    t.match(text, /Nextcloud has no such user/)
    t.match(text, /<h2 id="history">/)
    t.notMatch(text, /<h2 id="access">|<h2 id="deeds">/)
  })

  t.test('forms of other pages, sites and sessions do nothing', async (t) => {
    const visit = await signedIn(t, locksmith, firstKey)
    const other = await signedIn(t, locksmith, (await keyOf(locksmith, ['admin'])).key)
    const theirs = fieldsOf(await other.open('/console/stop'), 'Stop everything now')
    const own = fieldsOf(await visit.open('/console/stop'), 'Stop everything now')
    const refused: [string, Record<string, string>, Record<string, string>][] = [
      ['of another session', theirs, {}],
      ['without a token', { ...own, form: '' }, {}],
      ['of another site', own, { origin: 'https://evil.example' }],
      ['of another site, which hides', own, { origin: 'null' }],
      ['of a page elsewhere', own, { 'sec-fetch-site': 'cross-site' }],
      ['of a host beside', own, { 'sec-fetch-site': 'same-site' }]
    ]
    for (const [what, fields, headers] of refused)
      t.equal((await visit.send('/console/stop', fields, headers)).status, 400, what)
    t.match((await call('GET', '/stop')).body, { stopped: false })
    t.equal(
      (await visitor(url).send('/console/sign-in', { key: firstKey }, { origin: 'https://evil.example' }))
        .status,
      400,
      'nobody is signed in by another site'
    )
  })

  t.test('a session is worth no more than its key is now', async (t) => {
    const { id, key } = await keyOf(locksmith, ['users:read'])
    const visit = await signedIn(t, locksmith, key)
    t.equal((await visit.open('/console/operations')).status, 200)
    t.notMatch((await visit.open('/console/people/anna')).text, /anna\/(reset|offboard|wipe)/)
    await world.pool.query("UPDATE api_key SET scopes = '{users:read,users:reset}' WHERE id = $1", [id])
    await eventually(
      async () => (await visit.open('/console/people/anna')).text,
      (text) => /anna\/reset"/.test(text),
      1.5
    )
    await world.pool.query('UPDATE api_key SET revoked_at = now() WHERE id = $1', [id])
    await eventually(
      async () => (await visit.open('/console/operations')).status,
      (status) => status === 401,
      1.5
    )
  })

  t.test(
    'whoever is idle, or has been there for long, signs in again; a page that looks by itself is no sign of life',
    async (t) => {
      const { id, key } = await keyOf(locksmith, ['users:read'])
      const visit = await signedIn(t, locksmith, key)
      const age = (column: string, by: string) =>
        world.pool.query(
          `UPDATE console_session SET ${column} = locksmith_now() - interval '${by}' WHERE key_id = $1`,
          [id]
        )
      const used = async () =>
        (await world.pool.query('SELECT used_at FROM console_session WHERE key_id = $1', [id])).rows[0]
          .used_at
      await age('used_at', '20 minutes')
      const before = await used()
      await visit.open('/console/live')
      t.same(await used(), before)
      await visit.open('/console')
      t.ok((await used()) > before)
      await age('used_at', '31 minutes')
      await eventually(
        async () => (await visit.open('/console')).status,
        (status) => status === 401,
        1.5
      )
      const again = await signedIn(t, locksmith, key)
      await age('expires_at', '1 second')
      await eventually(
        async () => (await again.open('/console')).status,
        (status) => status === 401,
        1.5
      )
    }
  )

  t.test('what somebody else wrote is text, and touches nothing around it', async (t) => {
    const name = '<img src=x onerror=alert(1)>\u202Egnihtemos'
    sandbox.createUser({ id: 'mallory', password: 'Old-Password-4711', displayName: name })
    const visit = await signedIn(t, locksmith, firstKey)
    for (const path of ['/console/people/mallory', '/console/people?search=mallory']) {
      const { text } = await visit.open(path)
      t.notMatch(text, /<img/)
      t.notMatch(text, '\u202E')
      t.match(text, '<bdi>&lt;img src=x onerror=alert(1)&gt;\ufffdgnihtemos</bdi>')
    }
    for (const path of [
      '/console/people?search=%22%3E%3Cscript%3E',
      '/console/audit?actor=%22%3E%3Cscript%3E',
      '/console/sign-in?to=%22%3E%3Cscript%3E'
    ])
      t.notMatch((await visit.open(path)).text, /<script>/)
    for (const to of [
      '//evil.example',
      'https://evil.example',
      '/docs',
      '/console//evil.example',
      '/consoleevil'
    ])
      t.match(
        (await visitor(url).send('/console/sign-in', { key: firstKey, to })).headers.get('location'),
        /^\/console$/,
        to
      )
  })

  t.test(
    'a campaign: who of which domain has answered what, and the report as the API gives it',
    async (t) => {
      const campaign = await plantCampaign(world.pool)
      await plantPeople(world.pool, campaign, [
        { userId: 'one', state: 'confirmed' },
        { userId: 'two', address: 'two@globex.example' }
      ])
      await world.pool.query("UPDATE participant SET domain = 'globex.example' WHERE place = 'two'")
      const path = `/campaigns/${campaign.campaignId}`
      const ids = async (query: string) =>
        (await call('GET', `${path}/participants?${query}`)).body.items.map(
          ({ userId }: { userId: string }) => userId
        )
      t.same(await ids('domain=Globex.example'), ['two'])
      t.same(await ids('domain=globex.example&state=confirmed'), [])
      t.same(await ids('domain=acme.example&state=confirmed'), ['one'])
      const visit = await signedIn(t, locksmith, firstKey)
      const { text } = await visit.open(`/console${path}?domain=globex.example`)
      t.match(text, '/console/people/two')
      t.notMatch(text, '/console/people/one"')
      t.match(text, '<svg')
      const report = await visit.open(`/console${path}/report`)
      t.match(report, { status: 200, text: /Access review/i })
      t.match(report.headers.get('content-security-policy'), /style-src 'sha256-/)
      t.equal(
        (await visit.open('/console/campaigns/01a2093a-77c1-7000-8b1e-9d3f5c7a1e42/report')).status,
        404
      )
    }
  )

  t.test('a key is made, shown this once, and ended', async (t) => {
    const visit = await signedIn(t, locksmith, firstKey)
    const fields = {
      ...fieldsOf(await visit.open('/console/keys/new'), 'Make the key'),
      name: 'helpdesk',
      'scope-users:read': 'yes',
      expires: '30'
    }
    const { text } = await visit.send('/console/keys/new', fields)
    const key = /lsk_\w+/.exec(text)![0]
    const authorization = `Bearer ${key}`
    t.equal((await call('GET', '/users', { authorization })).status, 200)
    t.notMatch(
      (await visit.send('/console/keys/new', fields)).text,
      /lsk_/,
      'sent again it is made no second time'
    )
    const id = key.split('_')[1]!
    const end = `/console/keys/${id}/revoke`
    t.equal((await visit.send(end, fieldsOf(await visit.open(end), 'Revoke it now'))).status, 303)
    await eventually(
      async () => (await call('GET', '/users', { authorization })).status,
      (status) => status === 401,
      1.5
    )
  })
})
