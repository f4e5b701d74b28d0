import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { SMTPServer } from 'smtp-server'
import t, { type Test } from 'tap'
import { startCampaigns } from '../../src/campaigns/loop.ts'
import { parseMail } from '../../src/sandbox/mail/mime.ts'
import {
  type Campaigning,
  kill,
  letPass,
  people,
  press,
  spawnCampaigner,
  startCampaigning,
  unlimited
} from '../support/campaigns.ts'
import { eventually } from '../support/locksmith.ts'

/** Where others work on campaigns, and are killed. */
const startHere = (t: Test, latencyMs = 0) =>
  startCampaigning(t, { loop: false, worker: false, sandbox: { latencyMs, settings: unlimited } })

/** Nobody is asked twice, and nobody need answer. */
const soon = { remindAfter: [], closesAfter: 'P1D', minimumResponse: 0 }

/** Longer than a process takes to find what is due. */
const aWhileMs = 2_000

t.test('a mail that the mail server took from a process that died is not sent again', async (t) => {
  const here = await startHere(t)
  const { sandbox, world } = here
  const mails = await startMailServer(t)
  const env = { SMTP_URL: mails.url }
  people(sandbox, 3)
  const first = await spawnCampaigner(t, here, env)
  const path = await here.begin()
  const states = async () =>
    (
      await world.pool.query<{ state: string }>(
        `SELECT number || ' ' || state AS state FROM campaign_mail ORDER BY number, place`
      )
    ).rows.map(({ state }) => state)
  const invited = Array(3).fill('0 accepted')
  await eventually(states, (now) => String(now) === String(invited))

  mails.answers = false
  await letPass(world.pool, { days: 7 })
  await eventually(
    () => mails.received.length,
    (n) => n === 6
  )
  await kill(first)
  t.same(await states(), [...invited, ...Array(3).fill('1 begun')])

  mails.answers = true
  await spawnCampaigner(t, here, env)
  const unknown = [...invited, ...Array(3).fill('1 unknown')]
  await eventually(states, (now) => String(now) === String(unknown))
  await letPass(world.pool, { days: 4, hours: 20 })
  await sleep(aWhileMs)
  t.equal(mails.received.length, 6, 'nothing more before its time')
  t.same(await states(), unknown)

  // Nobody knows which of both the person has.
  const [invitation, reminder] = mails.linksTo('person-0')
  for (const link of [invitation!, reminder!]) t.equal((await fetch(link)).status, 200)
  t.equal(await press(invitation!), 303, 'the former link works')
  t.equal(await press(mails.linksTo('person-1')[1]!), 303, 'its own does')

  await letPass(world.pool, { hours: 5 })
  const reminded = [...unknown, '2 accepted']
  await eventually(states, (now) => String(now) === String(reminded))
  t.equal(mails.received.length, 7, 'the next one comes in its time, to whoever has not answered')
  const [, , last] = mails.linksTo('person-2')
  const dead = mails.linksTo('person-2').slice(0, 2)
  for (const link of dead) t.not((await fetch(link)).status, 200)
  t.equal(await press(last!), 303)
  await letPass(world.pool, { days: 2 })
  await here.once(path, 'ended')
})

t.test('a list above the brake is one, and whole, though it was written by two processes', async (t) => {
  const here = await startHere(t)
  const { sandbox, world } = here
  const ids = people(sandbox, 60)
  const { path, worker } = await closing(t, here, 'person-30', { BRAKE_LOCK_OUTS: '25' })
  const half = await here.call('GET', '/approvals')
  t.match(half.body.items, [{ state: 'pending', gathering: true, brakes: ['lock-out'] }])
  const { id, targets } = half.body.items[0]
  t.ok(targets > 0 && targets < 60, `${targets} are on it`)
  await t.rejects(here.approve(id), { code: 'approval-changed' })
  await kill(worker)
  await t.rejects(here.approve(id), { code: 'approval-changed' }, 'not afterwards, either')

  // Longer than anybody waits for an approval: nobody could have given it.
  await letPass(world.pool, { hours: 100 })
  sandbox.clearFaults()
  // What was settled when the round was closed holds, whatever was changed since.
  await spawnCampaigner(t, here, { BRAKE_LOCK_OUTS: '1000000' })
  await here.once(path, 'acting')
  const { body } = await here.call('GET', '/approvals')
  t.match(body.items, [{ id, state: 'pending', gathering: false, brakes: ['lock-out'], targets: 60 }])
  t.equal(body.items.length, 1)
  const { rows } = await world.pool.query(
    'SELECT extract(epoch FROM expires_at - locksmith_now()) / 3600 AS hours FROM approval'
  )
  t.ok(rows[0].hours > 71, 'all of the time to decide is left')
  t.same(disabled(here), [], 'nobody is locked out before')
  await here.approve(id)
  await here.once(path, 'ended', 30)
  t.same(disabled(here).sort(), ids.sort())
  await onceEach(t, here)
})

t.test('a list below the brake is not held because its process died', async (t) => {
  const here = await startHere(t)
  const ids = people(here.sandbox, 25)
  const env = { BRAKE_LOCK_OUTS: '25' }
  const { path, worker } = await closing(t, here, 'person-20', env)
  await kill(worker)
  here.sandbox.clearFaults()
  await spawnCampaigner(t, here, env)
  await here.once(path, 'ended', 30)
  t.same((await here.call('GET', '/approvals')).body.items, [])
  t.same(disabled(here).sort(), ids.sort())
  await onceEach(t, here)
})

t.test('whoever something else is done to just now is put on the list afterwards', async (t) => {
  const here = await startHere(t)
  const { sandbox, world } = here
  const ids = people(sandbox, 5)
  await spawnCampaigner(t, here, { BRAKE_LOCK_OUTS: '2' })
  const path = await here.begin(soon)
  await allAsked(here, path)
  sandbox.addFault({ match: { user: 'person-2', method: 'PUT' }, times: 1, do: 'slow', delayMs: 4_000 })
  t.equal((await here.call('POST', '/users/person-2/reset', { body: { mail: 'none' } })).status, 202)
  await letPass(world.pool, { days: 1, hours: 1 })
  const list = async () => (await here.call('GET', '/approvals')).body.items[0]
  await eventually(list, (one) => one?.targets === 4)
  const written = async () =>
    (
      await world.pool.query(
        'SELECT (SELECT count(*) FROM operation) AS operations, count(*) FROM audit_event WHERE action LIKE $1',
        ['operation.%']
      )
    ).rows
  t.match(await list(), { gathering: true })
  const { operations } = (await written())[0]
  await sleep(1_500)
  t.equal((await written())[0].operations, operations, 'to try again leaves nothing')
  await here.once(path, 'acting')
  t.match(await list(), { gathering: false, targets: 5 })
  await here.approve((await list()).id)
  await here.once(path, 'ended')
  t.same(disabled(here).sort(), ids)
})

t.test('two processes plan one round, one dies in the middle, and everybody is asked once', async (t) => {
  const here = await startHere(t, 20)
  const { sandbox, world } = here
  people(sandbox, 300)
  sandbox.addFault({ match: { pathRegex: 'offset=200' }, times: 1, do: 'hang-before' })
  const first = await spawnCampaigner(t, here)
  const path = await here.begin()
  const planned = async () =>
    (await world.pool.query('SELECT count(*)::integer AS n FROM participant')).rows[0].n
  await eventually(planned, (n) => n > 0)
  const half = await planned()
  const others = await Promise.all([spawnCampaigner(t, here), spawnCampaigner(t, here)])
  await sleep(aWhileMs)
  t.equal(await planned(), half, 'while it lives nobody else does')
  t.match((await here.call('GET', path)).body, { state: 'planning' })
  await kill(first)
  await here.once(path, 'open')
  t.equal(await planned(), 300)
  const { body } = await here.call('GET', path)
  t.equal(
    Object.values<number>(body.round.counts).reduce((a, b) => a + b),
    300
  )
  await eventually(
    () => sandbox.mails().length,
    (n) => n >= 300
  )
  await sleep(aWhileMs)
  const to = sandbox.mails().flatMap(({ recipients }) => recipients)
  t.equal(to.length, 300)
  t.equal(new Set(to).size, 300)
  const { rows } = await world.pool.query(
    `SELECT action, count(*)::integer AS n FROM audit_event WHERE action LIKE 'campaign.opened' GROUP BY 1`
  )
  t.same(rows, [{ action: 'campaign.opened', n: 1 }])
  await Promise.all(others.map(kill))
})

t.test('what a process began without learning of it is not under way for ever', async (t) => {
  const here = await startHere(t)
  const { sandbox, world } = here
  const { pool, presence } = world
  people(sandbox, 1)
  const first = await spawnCampaigner(t, here)
  const contacts = [{ address: 'boss@customer.example', domain: 'customer.example' }]
  const path = await here.begin({ contacts, closesAfter: 'P14D' })
  await allAsked(here, path)
  await kill(first)
  // As after a COMMIT that got no answer, and as where nothing could be written down after a mail.
  await pool.query('UPDATE participant SET mail_claim = $1', [presence.key()])
  await pool.query('UPDATE contact SET mail_claim = $1', [presence.key()])
  await pool.query(
    `INSERT INTO campaign_mail (id, campaign_id, round, place, contact, number, address)
     SELECT 'of-' || coalesce(place, 'boss'), campaign_id, 1, place, contact, 1, 'x@customer.example'
       FROM (SELECT campaign_id, place, NULL::smallint AS contact FROM participant
             UNION ALL SELECT campaign_id, NULL, number FROM contact) AS whose`
  )
  await pool.query(
    `INSERT INTO campaign_notice (campaign_id, round, kind, details, due_at, claim)
     SELECT id, 1, 'page-away', '{"since": "2026-11-01T10:00:00Z"}', locksmith_now(), $1 FROM campaign`,
    [presence.key()]
  )
  const loop = startCampaigns(world)
  t.teardown(() => loop.stop())
  await eventually(
    async () => (await pool.query('SELECT id FROM campaign_mail WHERE state = $1', ['unknown'])).rows,
    (rows) => rows.length === 2
  )
  await eventually(
    async () => (await pool.query('SELECT FROM campaign_notice WHERE sent_at IS NULL')).rowCount,
    (n) => n === 0
  )
  const { rows } = await pool.query('SELECT mail_claim, next_mail, state FROM participant')
  t.same(rows, [{ mail_claim: null, next_mail: 2, state: 'asked' }], 'the next mail comes in its time')
})

/** A round that is closed, of people who were silent; its process hangs while it writes down what follows for that one. */
async function closing(t: Test, here: Campaigning, at: string, env: Record<string, string>) {
  const { sandbox, world } = here
  const worker = await spawnCampaigner(t, here, env)
  const path = await here.begin(soon)
  await allAsked(here, path)
  sandbox.addFault({ match: { user: at, method: 'GET' }, do: 'hang-before' })
  await letPass(world.pool, { days: 1, hours: 1 })
  await eventually(
    async () => [sandbox.faults()[0]!.seen, (await here.call('GET', path)).body.round.counts.acting],
    ([seen, written]) => seen! > 0 && written! > 0
  )
  return { path, worker }
}

/** And it is written down that they are. */
async function allAsked({ call, sandbox }: Campaigning, path: string): Promise<void> {
  const count = sandbox.users().length - 1
  await eventually(
    async () => (await call('GET', path)).body.round?.counts.asked,
    (n) => n === count
  )
}

const disabled = ({ sandbox }: Campaigning) =>
  sandbox.users().flatMap(({ id, enabled }) => (enabled ? [] : [id]))

async function onceEach(t: Test, { world, sandbox }: Campaigning): Promise<void> {
  const { rows } = await world.pool.query('SELECT place FROM operation GROUP BY 1 HAVING count(*) > 1')
  t.same(rows, [], 'one operation each')
  const changes = sandbox.users().map(({ id }) => sandbox.enabledHistory(id).length)
  t.ok(
    changes.every((n) => n <= 2),
    'disabled once each'
  )
}

/** One that takes every mail, and says so unless it is told not to. */
async function startMailServer(t: Test) {
  const received: { to: string; text: string }[] = []
  const mails = { url: '', received, answers: true, linksTo }
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    closeTimeout: 100,
    onData(stream, { envelope }, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const { text } = parseMail(Buffer.concat(chunks).toString('latin1'))
        received.push({ to: envelope.rcptTo[0]!.address, text })
        if (mails.answers) done()
      })
    }
  })
  server.on('error', () => {})
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  t.teardown(() => new Promise<void>((resolve) => server.close(() => resolve())))
  mails.url = `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`
  return mails

  /** Of the invitation, and of each reminder. */
  function linksTo(id: string): string[] {
    return received.flatMap(({ to, text }) =>
      to === `${id}@customer.example` ? /https?:\/\/\S+\/confirm\/[\w-]+/.exec(text)! : []
    )
  }
}
