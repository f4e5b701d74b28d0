import t from 'tap'
import { recordBounce } from '../../src/campaigns/bounce.ts'
import { deleteOldRounds } from '../../src/campaigns/retention.sql.ts'
import { letPass, linkTo, people, press, startCampaigning } from '../support/campaigns.ts'
import { eventually } from '../support/locksmith.ts'

/** Each mail to person-N at customer.example, by its number. */
const mailsTo = (sandbox: { mails(filter: { to: string }): unknown[] }, id: string) =>
  sandbox.mails({ to: `${id}@customer.example` }).length

t.test('a pause stops mails and gives the time back, and answers count meanwhile', async (t) => {
  const { sandbox, world, call, ...here } = await startCampaigning(t)
  people(sandbox, 3)
  const path = await here.begin()
  await here.asked(path, 3)
  t.equal((await call('POST', `${path}/pause`)).body.state, 'paused')
  await letPass(world.pool, { days: 30 })
  t.equal(await press(linkTo(sandbox, 'person-0')!), 303)
  t.match((await call('GET', path)).body.round.counts, { confirmed: 1, asked: 2 })
  t.equal((await call('POST', `${path}/resume`)).body.state, 'open')
  await new Promise((resolve) => setTimeout(resolve, 1_500))
  t.equal(mailsTo(sandbox, 'person-1'), 1, 'the reminder is due in seven days of its own')
  await letPass(world.pool, { days: 7 })
  await eventually(
    () => mailsTo(sandbox, 'person-1'),
    (n) => n === 2
  )
  t.equal(mailsTo(sandbox, 'person-0'), 1, 'whoever has answered gets no more mails')
})

t.test('more time for everybody moves the end, also for those whose last mail is to come', async (t) => {
  const { sandbox, world, call, ...here } = await startCampaigning(t)
  people(sandbox, 2)
  const path = await here.begin({ remindAfter: ['P7D'], onSilence: 'report-only' })
  await here.asked(path, 2)
  const more = { body: { by: 'P10D' }, headers: { 'idempotency-key': 'ten-days-more' } }
  const extended = await call('POST', `${path}/extend`, more)
  t.equal(extended.status, 200)
  const again = await call('POST', `${path}/extend`, more)
  t.equal(again.text, extended.text, 'whoever asks again with the same key gives it once')
  t.equal(again.headers.get('idempotency-replayed'), 'true')
  await letPass(world.pool, { days: 7 })
  await eventually(
    () => mailsTo(sandbox, 'person-1'),
    (n) => n === 2
  )
  await letPass(world.pool, { days: 16 })
  await new Promise((resolve) => setTimeout(resolve, 1_500))
  t.equal((await call('GET', path)).body.state, 'open')
  t.equal(await press(linkTo(sandbox, 'person-0')!), 303, 'its link works until then')
  await letPass(world.pool, { days: 1, hours: 1 })
  t.match((await here.once(path, 'ended')).round.counts, { confirmed: 1, spared: 1 })
  t.match(await call('POST', `${path}/extend`, { body: { by: 'P1D' } }), {
    status: 409,
    body: { code: 'campaign-state', state: 'ended' }
  })
})

t.test('a campaign that is ended early does nothing more to anybody', async (t) => {
  const { sandbox, world, call, ...here } = await startCampaigning(t, {
    env: { BRAKE_LOCK_OUTS: '1', BRAKE_PERCENT: '0' }
  })
  people(sandbox, 3)
  const path = await here.begin({ remindAfter: [], minimumResponse: 0 })
  await here.asked(path, 3)
  const link = linkTo(sandbox, 'person-0')!
  await letPass(world.pool, { days: 15 })
  await here.once(path, 'acting')
  t.equal(await press(link), 404, 'too late')
  const [approval] = (await call('GET', '/approvals')).body.items
  t.match(approval, { targets: 3, state: 'pending', gathering: false })
  t.equal((await call('POST', `${path}/cancel`)).body.state, 'cancelled')
  await eventually(
    async () => (await call('GET', path)).body.round.counts,
    ({ spared }) => spared === 3
  )
  t.match((await call('GET', '/operations?state=cancelled')).body.items.length, 3)
  t.ok(sandbox.users().every(({ enabled }) => enabled))
  t.equal((await call('POST', `${path}/cancel`)).status, 200, 'twice is once')
  t.equal((await call('POST', `${path}/resume`)).status, 409)
})

t.test('nobody is locked out without an approval when fewer answer than must', async (t) => {
  const { sandbox, world, call, ...here } = await startCampaigning(t)
  people(sandbox, 4)
  const path = await here.begin({ remindAfter: [] })
  await here.asked(path, 4)
  t.equal(await press(linkTo(sandbox, 'person-0')!), 303)
  await letPass(world.pool, { days: 15 })
  const { round } = await here.once(path, 'acting')
  t.match(round, { brakes: ['minimum-response'] })
  const [approval] = (await call('GET', '/approvals')).body.items
  t.match(approval, { targets: 3, brakes: ['minimum-response'], requestedBy: /^campaign:/ })
  const { problem } = (await call('GET', '/operations?state=awaiting-approval')).body.items[0]
  t.match(problem, { detail: /25 % of those who were asked have answered, and 50 % must/ })
  await here.approve(approval.id)
  t.match((await here.once(path, 'ended')).round.counts, { acted: 3, confirmed: 1 })
})

t.test('when fewer answer than must, nobody is locked out whose mail came back, either', async (t) => {
  const { sandbox, world, call, ...here } = await startCampaigning(t)
  people(sandbox, 4)
  const gone = 'person-3'
  const path = await here.begin({ remindAfter: [], onSilence: 'report-only', onBounce: 'disable' })
  await here.asked(path, 4)
  const { rows } = await world.pool.query('SELECT id FROM campaign_mail WHERE place = $1', [gone])
  await recordBounce(world.pool, { mailId: rows[0].id, kind: 'hard', said: '5.1.1 no such user' })
  await letPass(world.pool, { days: 15 })
  const { round } = await here.once(path, 'acting')
  t.match(round, { brakes: ['minimum-response'], counts: { acting: 1, spared: 3 } })
  t.ok(sandbox.users().find(({ id }) => id === gone)!.enabled)
  const [approval] = (await call('GET', '/approvals')).body.items
  t.match(approval, { targets: 1, brakes: ['minimum-response'] })
  await here.approve(approval.id)
  t.match((await here.once(path, 'ended')).round.counts, { acted: 1 })
})

t.test('below the brakes those who are silent are locked out at once, and nobody else', async (t) => {
  const { sandbox, world, ...here } = await startCampaigning(t)
  people(sandbox, 4)
  const path = await here.begin({ remindAfter: [] })
  await here.asked(path, 4)
  for (const id of ['person-0', 'person-1']) t.equal(await press(linkTo(sandbox, id)!), 303)
  await letPass(world.pool, { days: 15 })
  t.match((await here.once(path, 'ended')).round.counts, { acted: 2, confirmed: 2 })
  t.same(
    sandbox.users().flatMap(({ id, enabled }) => (enabled ? [] : [id])),
    ['person-2', 'person-3']
  )
})

t.test(
  'nobody is locked out whose mail is not known to have arrived, unless a second person approves it',
  async (t) => {
    const { sandbox, world, call, ...here } = await startCampaigning(t)
    people(sandbox, 3)
    sandbox.treatMail('person-2@customer.example', 'tempfail')
    const path = await here.begin({ remindAfter: [], minimumResponse: 0 })
    await here.asked(path, 2)
    const ofLast = async () => (await call('GET', `${path}/participants?state=waiting`)).body.items[0]
    const first = await eventually(ofLast, ({ nextMailAt }) => Date.parse(nextMailAt) > Date.now(), 5)
    t.match(first, { userId: 'person-2', askedAt: null, reached: false }, 'it is tried again')
    // For three days.
    await world.pool.query(`UPDATE participant SET tries = 23 WHERE place = 'person-2'`)
    await letPass(world.pool, { hours: 1 })
    await eventually(ofLast, ({ nextMailAt }) => nextMailAt === null)
    await letPass(world.pool, { days: 15 })
    await here.once(path, 'acting', 30)
    const { items } = (await call('GET', '/approvals')).body
    t.match(items, [{ targets: 1, brakes: ['mail-undelivered'] }])
    t.ok(sandbox.users().find(({ id }) => id === 'person-2')!.enabled)
  }
)

t.test(
  'whoever has left is locked out at once, and the one who answers for the campaign is told',
  async (t) => {
    const { sandbox, world, call, ...here } = await startCampaigning(t)
    people(sandbox, 2)
    const path = await here.begin()
    await here.asked(path, 2)
    const link = linkTo(sandbox, 'person-0')!
    t.equal(await press(link, 'left'), 200, 'it is asked once more')
    t.ok(sandbox.users().find(({ id }) => id === 'person-0')!.enabled)
    t.equal(await press(link, 'left', true), 303)
    await eventually(
      () => sandbox.users().find(({ id }) => id === 'person-0')!.enabled,
      (enabled) => !enabled
    )
    t.match(
      await eventually(
        async () => (await call('GET', path)).body.round.counts,
        ({ acted }) => acted === 1
      ),
      { acted: 1 }
    )
    await letPass(world.pool, { hours: 1 })
    const [mail] = await eventually(
      () => sandbox.mails({ to: 'it@example.org' }),
      (mails) => mails.length > 0
    )
    t.match(mail, { text: /person-0/ })
    t.equal(mailsTo(sandbox, 'person-1'), 1)
  }
)

t.test('rounds that are long over are forgotten, and whoever is asked now is not', async (t) => {
  const { sandbox, world, call, ...here } = await startCampaigning(t)
  people(sandbox, 1)
  const former = await here.begin()
  await here.asked(former, 1)
  t.equal(await press(linkTo(sandbox, 'person-0')!), 303)
  await here.once(former, 'ended')
  const path = await here.begin()
  await here.asked(path, 1)
  await deleteOldRounds(world.pool, 1_100)
  t.equal((await call('GET', former)).status, 200)
  await letPass(world.pool, { days: 1_101 })
  await deleteOldRounds(world.pool, 1_100)
  t.equal((await call('GET', former)).status, 404)
  t.match((await call('GET', path)).body, { round: { number: 1 } })
  t.equal((await world.pool.query('SELECT FROM participant')).rowCount, 1)
})

t.test(
  'whose mail came back has as much time as everybody, in which others can answer for this one',
  async (t) => {
    const { sandbox, world, call, ...here } = await startCampaigning(t)
    people(sandbox, 2)
    for (const id of ['person-0', 'person-1']) sandbox.treatMail(`${id}@customer.example`, 'reject')
    const path = await here.begin({ onBounce: 'disable' })
    const bounced = async () => (await call('GET', path)).body.round?.counts.bounced
    await eventually(bounced, (n) => n === 2)
    await letPass(world.pool, { days: 13 })
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    t.equal((await call('GET', path)).body.state, 'open')
    t.equal((await call('POST', `${path}/participants/person-0/vouch`, { body: {} })).status, 200)
    await letPass(world.pool, { days: 2 })
    t.match((await here.once(path, 'ended')).round.counts, { vouched: 1, acted: 1 })
  }
)

t.test('a user on whom Nextcloud fails keeps others waiting for an hour at most', async (t) => {
  const { sandbox, world, ...here } = await startCampaigning(t)
  people(sandbox, 3)
  const path = await here.begin({ remindAfter: [], minimumResponse: 0 })
  await here.asked(path, 3)
  sandbox.addFault({
    match: { method: 'GET', pathRegex: '/cloud/users/person-1' },
    do: 'empty-200'
  })
  await letPass(world.pool, { days: 15 })
  await eventually(
    () => sandbox.users().filter(({ enabled }) => !enabled).length,
    (n) => n === 2
  )
  await letPass(world.pool, { hours: 2 })
  t.match((await here.once(path, 'ended')).round.counts, { acted: 2, spared: 1 })
  sandbox.clearFaults()
})

t.test(
  'whoever becomes protected while a campaign goes on is left alone, whatever follows for others',
  async (t) => {
    const { sandbox, world, call, ...here } = await startCampaigning(t, {
      env: { PROTECTED_GROUPS: 'board' }
    })
    sandbox.createGroup('board')
    people(sandbox, 5)
    for (const id of ['person-2', 'person-3']) sandbox.treatMail(`${id}@customer.example`, 'reject')
    const path = await here.begin({
      remindAfter: [],
      minimumResponse: 0,
      onBounce: 'disable',
      onSilence: 'offboard'
    })
    await here.asked(path, 3)
    const join = (id: string) => sandbox.updateUser(id, { groups: ['board'] })
    for (const id of ['person-0', 'person-2', 'person-4']) join(id)
    t.equal(await press(linkTo(sandbox, 'person-4')!, 'left', true), 303)
    await letPass(world.pool, { days: 15 })
    t.match((await here.once(path, 'ended', 60)).round.counts, { acted: 2, spared: 3 })
    const { items } = (await call('GET', `${path}/participants?state=spared`)).body
    for (const { problem } of items) t.match(problem, { code: 'protected-user' })
    t.same(
      sandbox.users().flatMap(({ id, enabled }) => (enabled ? [] : [id])),
      ['person-1', 'person-3']
    )
    const touched = sandbox
      .calls()
      .filter(({ path, method }) => method !== 'GET' && /person-[024]/.test(path))
    t.same(touched, [])

    const all = await here.begin({ mode: 'reset' })
    t.match((await here.once(all, 'ended', 60)).round.counts, { out: 5 })
  }
)
