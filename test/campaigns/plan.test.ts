import t from 'tap'
import { letPass, linkTo, people, press, startCampaigning } from '../support/campaigns.ts'
import { eventually } from '../support/locksmith.ts'

const owner = 'it@example.org'
const password = 'Old-Password-4711'

t.test('the preview says who is in, who is out and why, and writes and mails nothing', async (t) => {
  const { sandbox, world, call } = await startCampaigning(t, {
    env: { PROTECTED_USERS: 'boss', BRAKE_LOCK_OUTS: '1', BRAKE_PERCENT: '0' }
  })
  people(sandbox, 2)
  for (const user of [
    { id: 'boss', email: 'boss@customer.example' },
    { id: 'twin-1', email: 'office@customer.example' },
    { id: 'twin-2', email: 'Office@customer.example' },
    { id: 'gone', email: 'gone@customer.example', enabled: false },
    { id: 'ldap', email: 'ldap@customer.example', backend: 'LDAP' as const },
    { id: 'mute', email: '' },
    { id: 'elsewhere', email: 'a@sub.customer.example' }
  ])
    sandbox.createUser({ password, ...user })
  const body = { name: 'x', owner, audience: { domains: ['Customer.example'] }, closesAfter: 'P14D' }
  const { body: dry, status } = await call('POST', '/campaigns?dryRun=true', { body })
  t.equal(status, 200)
  t.match(dry, {
    in: { total: 2, users: ['person-0', 'person-1'] },
    firstMailsPerHour: 2,
    approval: { lockOuts: 2, most: 1, needed: true },
    mail: { language: 'en', text: /person-0/ }
  })
  const out = Object.fromEntries(
    dry.out.map(({ reason, users }: { reason: string; users: string[] }) => [reason, users.sort()])
  )
  t.strictSame(out, {
    protected: ['boss'],
    'shared-address': ['twin-1', 'twin-2'],
    disabled: ['gone'],
    'directory-user': ['ldap']
  })
  t.equal((await world.pool.query('SELECT FROM campaign')).rowCount, 0)
  const everybody = await call('POST', '/campaigns?dryRun=true', { body: { ...body, audience: {} } })
  t.match(
    everybody.body.out.find(({ reason }: { reason: string }) => reason === 'no-mail-address'),
    { users: ['mute'] }
  )

  const created = await call('POST', '/campaigns', { body })
  t.match(created, {
    status: 201,
    body: { state: 'draft', round: null, definition: { onSilence: 'disable', onBounce: 'hold' } }
  })
  t.equal(created.headers.get('location'), `/campaigns/${created.body.id}`)
  const previewed = await call('POST', `/campaigns/${created.body.id}/preview`)
  t.strictSame(
    { ...previewed.body, lastMailAt: 0, closesAt: 0, mail: 0 },
    { ...dry, lastMailAt: 0, closesAt: 0, mail: 0 }
  )
  t.equal(sandbox.mails().length, 0)

  // What the preview says is what comes.
  await call('POST', `/campaigns/${created.body.id}/start`)
  const { body: open } = await eventually(
    () => call('GET', `/campaigns/${created.body.id}`),
    ({ body }) => body.state === 'open'
  )
  t.match(open.round, { listed: dry.listed, counts: { out: 5 } })
  const { items } = (await call('GET', `/campaigns/${created.body.id}/participants?state=out&limit=2`)).body
  t.match(items, [
    { userId: 'boss', outBecause: 'protected' },
    { userId: 'gone', outBecause: 'disabled' }
  ])
})

t.test('an audience is who fits everything that is given, and none of what is excluded', async (t) => {
  const { sandbox, call } = await startCampaigning(t)
  for (const group of ['acme', 'globex']) sandbox.createGroup(group)
  const make = (id: string, groups: string[], lastLogin: string | null) =>
    sandbox.createUser({
      id,
      password,
      email: `${id}@customer.example`,
      groups,
      ...(lastLogin && { lastLogin: Date.parse(lastLogin) / 1_000 })
    })
  make('anna', ['acme'], '2026-03-01T00:00:00Z')
  make('bert', ['acme', 'globex'], '2026-09-01T00:00:00Z')
  make('cleo', ['globex'], null)
  const who = async (audience: object) => {
    const { body } = await call('POST', '/campaigns?dryRun=true', { body: { name: 'x', owner, audience } })
    return body.in ? body.in.users.sort() : body.code
  }
  t.same(await who({ groups: ['acme'] }), ['anna', 'bert'])
  t.same(await who({ groups: ['acme', 'globex'] }), ['anna', 'bert', 'cleo'], 'each once')
  t.same(await who({ groups: ['acme'], exclude: { groups: ['globex'] } }), ['anna'])
  t.same(await who({ users: ['ANNA', 'cleo', 'nobody'] }), ['anna', 'cleo'])
  t.same(await who({ domains: ['customer.example'], lastLoginBefore: '2026-06-01T00:00:00Z' }), ['anna'])
  t.same(await who({ domains: ['customer.example'], lastLoginAfter: '2026-06-01T00:00:00Z' }), ['bert'])
  t.same(await who({ domains: ['customer.example'], neverLoggedIn: true }), ['cleo'])
  t.same(await who({ domains: ['customer.example'], exclude: { users: ['Bert'] } }), ['anna', 'cleo'])
  t.equal(await who({ groups: ['nobody-has-it'] }), 'unknown-group')
})

t.test('a campaign that cannot work is refused before it is recorded', async (t) => {
  const { sandbox, world, call } = await startCampaigning(t)
  people(sandbox, 1)
  const good = { name: 'x', owner, audience: {} }
  const refused = async (body: object, code = 'invalid-request') => {
    const reply = await call('POST', '/campaigns', { body: { ...good, ...body } })
    t.equal(reply.body.code, code, `${JSON.stringify(body)} ${reply.text}`)
  }
  await refused({ owner: 'nobody' })
  await refused({ remindAfter: ['P7D', 'P5D'] })
  await refused({ remindAfter: ['P7D'], closesAfter: 'P7D' })
  // From a day in February on.
  await refused({ remindAfter: ['P30D'], closesAfter: 'P1M1D' })
  await refused({ closesAfter: 'soon' })
  await refused({ schedule: { cron: '0 9 30 2 *', timeZone: 'Europe/Berlin' } })
  await refused({ schedule: { every: 'P3M', startsAt: '2027-01-11T09:00:00Z', timeZone: 'Mars/Olympus' } })
  await refused({ schedule: { at: '2020-01-01T00:00:00Z' } })
  await refused({ audience: { group: 'x' } })
  await refused({ audience: { lastLoginBefore: '2026-02-31T00:00:00Z' } })
  await refused({ contacts: [{ address: owner }] })
  await refused({ contacts: [{ address: owner, group: 'nobody-has-it' }] }, 'unknown-group')
  await refused({ mails: { en: { subject: 'a\r\nBcc: x@y.example' } } })
  world.confirmOrigin = undefined
  await refused({}, 'public-url-not-configured')
  t.equal((await world.pool.query('SELECT FROM campaign')).rowCount, 0)
})

t.test('the same request with the same key creates one campaign', async (t) => {
  const { world, call } = await startCampaigning(t)
  const body = { name: 'x', owner, audience: {} }
  const replies = await Promise.all(
    Array.from({ length: 5 }, () =>
      call('POST', '/campaigns', { body, headers: { 'idempotency-key': 'once' } })
    )
  )
  const ok = replies.filter(({ status }) => status === 201)
  t.equal(new Set(ok.map(({ body: { id } }) => id)).size, 1)
  const again = await call('POST', '/campaigns', { body, headers: { 'idempotency-key': 'once' } })
  t.match(again, { status: 201, body: { id: ok[0]!.body.id } })
  t.equal(again.headers.get('location'), `/campaigns/${ok[0]!.body.id}`)
  t.equal((await world.pool.query('SELECT FROM campaign')).rowCount, 1)
})

t.test(
  'a list of users that is a tenth smaller than the last time asks nobody, until a person says that it is right',
  async (t) => {
    const { sandbox, world, call, ...here } = await startCampaigning(t, {
      campaigns: { everyMs: 100, checkMs: 100, toleranceSeconds: 400 * 86_400 }
    })
    const ids = people(sandbox, 20)
    const schedule = { every: 'P1M', startsAt: new Date(Date.now() - 1_000).toISOString(), timeZone: 'UTC' }
    const path = await here.begin({ schedule, remindAfter: [], onSilence: 'report-only', minimumResponse: 0 })
    await here.asked(path, 20)
    await letPass(world.pool, { days: 15 })
    await here.once(path, 'scheduled')
    for (const id of ids.slice(0, 3)) sandbox.updateUser(id, { email: `${id}@elsewhere.example` })
    await letPass(world.pool, { days: 17 })
    const aborted = await here.once(path, 'aborted')
    t.match(aborted, { problem: { code: 'user-list-shrank', matched: 17, former: { matched: 20 } } })
    t.equal(sandbox.mails({ to: 'person-5@customer.example' }).length, 1)
    await letPass(world.pool, { hours: 1 })
    await eventually(
      () => sandbox.mails({ to: owner }).at(-1)?.text ?? '',
      (text) => /far fewer users/i.test(text)
    )
    t.equal((await call('POST', `${path}/resume`)).body.state, 'planning')
    await here.asked(path, 17)
  }
)

t.test('an audience in which nobody is asks nobody', async (t) => {
  const here = await startCampaigning(t)
  const path = await here.begin()
  t.match(await here.once(path, 'aborted'), { problem: { code: 'user-list-shrank' } })
})

t.test("a customer's contact gets one mail, vouches for some and says who has left", async (t) => {
  const { sandbox, world, call, ...here } = await startCampaigning(t)
  people(sandbox, 4)
  const path = await here.begin({
    remindAfter: ['P7D'],
    onSilence: 'report-only',
    contacts: [{ address: 'chief@customer.example', domain: 'customer.example', language: 'de' }]
  })
  await here.asked(path, 4)
  t.equal(await press(linkTo(sandbox, 'person-0')!), 303)
  await letPass(world.pool, { days: 7, hours: 1 })
  const [mail] = await eventually(
    () => sandbox.mails({ to: 'chief@customer.example' }),
    (mails) => mails.length > 0
  )
  t.match(mail!.text, /person-1[\s\S]*person-2[\s\S]*person-3/)
  t.notMatch(mail!.text, /person-0/)
  const link = /https?:\/\/\S+\/contact\/[\w-]+/.exec(mail!.text)![0]
  const say = async (fields: Record<string, string>) =>
    (await fetch(link, { method: 'POST', redirect: 'manual', body: new URLSearchParams(fields) })).status
  t.equal(await say({ place: 'person-1', answer: 'vouched' }), 303)
  t.equal(await say({ place: 'person-2', answer: 'left' }), 200, 'is asked once more')
  t.equal(await say({ place: 'person-2', answer: 'left', sure: 'yes' }), 303)
  await eventually(
    () => sandbox.users().find(({ id }) => id === 'person-2')!.enabled,
    (enabled) => !enabled
  )
  const { items } = (await call('GET', `${path}/participants`)).body
  t.match(items[1], { state: 'vouched', answeredBy: 'contact:chief@customer.example' })
  await letPass(world.pool, { days: 8 })
  t.match((await here.once(path, 'ended')).round.counts, { confirmed: 1, vouched: 1, acted: 1, spared: 1 })
  t.equal(sandbox.mails({ to: 'chief@customer.example' }).length, 1)
})

t.test('somebody with a key answers for people, of one group only where the key is for that', async (t) => {
  const { sandbox, call, ...here } = await startCampaigning(t)
  people(sandbox, 3)
  const path = await here.begin()
  await here.asked(path, 3)
  const say = (id: string, what: string) =>
    call('POST', `${path}/participants/${id}/${what}`, { body: { reason: 'told us by phone' } })
  t.match(await say('PERSON-0', 'confirm'), {
    status: 200,
    body: { state: 'confirmed', answeredBy: 'key:first', answerReason: 'told us by phone' }
  })
  t.equal((await say('person-0', 'confirm')).status, 200, 'twice is once')
  t.match(await say('person-0', 'vouch'), {
    status: 409,
    body: { code: 'participant-state', state: 'confirmed' }
  })
  t.match(await say('person-1', 'exclude'), { body: { state: 'excluded' } })
  t.match(await say('person-2', 'vouch'), { body: { state: 'vouched' } })
  t.match(await say('somebody', 'vouch'), { status: 404, body: { code: 'unknown-participant' } })
  t.match(
    (await here.once(path, 'ended')).round.counts,
    { confirmed: 1, excluded: 1, vouched: 1 },
    'all have answered'
  )
})

t.test('nobody sets a campaign going who may not do what it does', async (t) => {
  const { call, ...here } = await startCampaigning(t)
  const scopes = ['campaigns:write', 'campaigns:read']
  const { body } = await call('POST', '/keys', { body: { name: 'clerk', owner: 'clerk', scopes } })
  const clerk = { authorization: `Bearer ${body.key}` }
  const draft = { name: 'x', owner, audience: { users: ['nobody-has-it'] }, onSilence: 'offboard' }
  const { body: created } = await call('POST', '/campaigns', { body: draft })
  const path = `/campaigns/${created.id}`
  const refused = { status: 403, body: { code: 'missing-scope', needed: 'users:offboard' } }
  t.match(await call('POST', `${path}/start`, clerk), refused)
  t.equal((await call('POST', `${path}/start`)).status, 200)
  // Nobody is in its audience.
  await here.once(path, 'aborted')
  t.match(await call('POST', `${path}/resume`, clerk), refused)
  t.equal((await call('POST', `${path}/cancel`, clerk)).status, 200, 'whoever does less may')
})

t.test('mode reset resets everybody after one approval, six at a mail domain in half an hour', async (t) => {
  const { sandbox, world, call, ...here } = await startCampaigning(t, {
    env: { BRAKE_LOCK_OUTS: '3', BRAKE_PERCENT: '0' }
  })
  people(sandbox, 14)
  sandbox.createUser({ id: 'elsewhere', password, email: 'e@other.example' })
  const path = await here.begin({
    mode: 'reset',
    audience: { domains: ['customer.example', 'other.example'] }
  })
  await here.once(path, 'acting')
  const [approval] = (await call('GET', '/approvals')).body.items
  t.match(approval, { targets: 15, action: { kind: 'reset', mail: 'smtp' }, brakes: ['lock-out'] })
  t.equal(sandbox.mails().length, 0)
  await here.approve(approval.id)
  const reset = async () => (await call('GET', path)).body.round.counts.acted
  await eventually(reset, (acted) => acted === 7, 30)
  await new Promise((resolve) => setTimeout(resolve, 1_500))
  t.equal(await reset(), 7, 'six of the one domain, and the one of the other')
  await letPass(world.pool, { hours: 0.51 })
  await eventually(reset, (acted) => acted === 13, 30)
  await letPass(world.pool, { hours: 0.51 })
  t.match((await here.once(path, 'ended', 30)).round.counts, { acted: 15 })
  t.equal(sandbox.mails({ to: 'person-3@customer.example' }).length, 1)
})

t.test('a campaign that is cancelled does nothing more to those whose turn has not come', async (t) => {
  const { sandbox, world, call, ...here } = await startCampaigning(t)
  people(sandbox, 9)
  const path = await here.begin({ mode: 'reset', pace: { usersPerHour: 100_000, resetsPerDomain: 2 } })
  const counts = async () => (await call('GET', path)).body.round.counts
  await eventually(counts, ({ acted }) => acted === 2, 30)
  t.equal((await call('POST', `${path}/cancel`)).body.state, 'cancelled')
  // Nobody needs to wait: it is so once it is answered.
  t.match((await call('GET', '/operations?state=cancelled')).body.items.length, 7)
  await letPass(world.pool, { hours: 3 })
  t.match(await eventually(counts, ({ spared }) => spared === 7), { acted: 2, acting: 0 })
  const { rows } = await world.pool.query('SELECT FROM brake_use')
  t.equal(rows.length, 2, 'and the brakes count nobody else')
  const { items } = (await call('GET', '/audit?action=operation.cancelled')).body
  t.equal(items.length, 7)
})

t.test('whoever watches is told of each change, until the end', async (t) => {
  const { sandbox, url, ...here } = await startCampaigning(t)
  people(sandbox, 1)
  const path = await here.begin()
  await here.asked(path, 1)
  const response = await fetch(`${url}${path}/events`, {
    headers: { authorization: 'Bearer test-key-with-every-scope' }
  })
  t.equal(response.headers.get('content-type'), 'text/event-stream')
  let said = ''
  const done = (async () => {
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) said += chunk
  })()
  await eventually(
    () => said,
    (text) => /^event: campaign\ndata: \{.*"asked":1/.test(text)
  )
  t.equal(await press(linkTo(sandbox, 'person-0')!), 303)
  await here.once(path, 'ended')
  await done
  t.match(said, /"confirmed":1[\s\S]*"state":"ended"|"state":"ended"[\s\S]*"confirmed":1/)
})
