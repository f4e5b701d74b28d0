import t from 'tap'
import { askForMail, call, codes, formLogin, fresh, ocs, putUser, sandboxFor } from './client.ts'

const delays = (answers: { headers: Headers }[]): (string | null)[] =>
  answers.map(({ headers }) => headers.get('x-nextcloud-bruteforce-throttled'))

async function times<T>(count: number, act: (n: number) => Promise<T>): Promise<T[]> {
  const results: T[] = []
  for (let n = 1; n <= count; n++) results.push(await act(n))
  return results
}

t.test('the 51st PUT within 600 s is refused, per admin, with an empty page (fact 5)', async (t) => {
  const sandbox = await sandboxFor(t)
  sandbox.createUser({ id: 'ann' })
  sandbox.createUser({ id: 'second', password: 'Second-Secret-1x', groups: ['admin'] })
  const put = (): ReturnType<typeof putUser> => putUser(sandbox, 'ann', 'displayname', 'Ann')
  t.ok((await times(50, put)).every(({ status }) => status === 200))
  const refused = await put()
  t.equal(refused.status, 429)
  t.equal(refused.text, '')
  t.match(refused.headers.get('content-type'), 'text/html')
  t.equal(refused.headers.get('retry-after'), null)
  t.equal(
    (await putUser(sandbox, 'ann', 'displayname', 'Ann', { user: 'second', password: 'Second-Secret-1x' }))
      .status,
    200
  )
  t.equal(
    (await call(sandbox, 'PUT', `${ocs}/cloud/users/ann/disable`, { as: sandbox.admin })).status,
    200,
    'disable is free'
  )
  t.equal(
    (await call(sandbox, 'GET', `${ocs}/cloud/users/ann`, { as: sandbox.admin })).status,
    200,
    'reading is free'
  )
  sandbox.advanceClock(601)
  t.equal((await put()).status, 200)
  t.strictSame(sandbox.counters().maxPutsPer600s, { admin: 51, second: 1 })
})

t.test('allow-listing lifts the limit on PUT only with apply_allowlist_to_ratelimit', async (t) => {
  const sandbox = await sandboxFor(t, { settings: { allowListed: true } })
  sandbox.createUser({ id: 'ann' })
  const put = (): ReturnType<typeof putUser> => putUser(sandbox, 'ann', 'displayname', 'Ann')
  t.equal((await times(51, put)).at(-1)?.status, 429)
  sandbox.settings({ applyAllowlistToRateLimit: true })
  t.equal((await put()).status, 200)
})

t.test('each reset mail doubles the delay until none is sent any more', async (t) => {
  const sandbox = await sandboxFor(t)
  const answers = await times(11, () => askForMail(sandbox, 'nobody'))
  t.strictSame(delays(answers), [
    '200ms',
    '600ms',
    '1200ms',
    '2400ms',
    '4800ms',
    '9600ms',
    '19200ms',
    '37800ms',
    '50000ms',
    '50000ms',
    '25000ms'
  ])
  t.strictSame(
    answers.map(({ status }) => status),
    [...Array(10).fill(200), 429]
  )
  t.equal(answers.at(-1)?.text, '')
})

t.test('31 makes the caller wait: the clock moves by the delay; 33 and 34 only tell', async (t) => {
  for (const [version, waited] of [
    [31, 800],
    [33, 0],
    [34, 0]
  ] as const) {
    const sandbox = await sandboxFor(t, { version, clock: () => 1_800_000_000_000 })
    await times(2, () => askForMail(sandbox, 'nobody'))
    t.equal(sandbox.clock.now() - 1_800_000_000_000, waited, `${version}`)
  }
})

t.test('with allow-listing there is no delay, and 10 per 300 s remain', async (t) => {
  const sandbox = await sandboxFor(t, { settings: { allowListed: true } })
  const answers = await times(11, () => askForMail(sandbox, 'nobody'))
  t.ok(delays(answers).every((delay) => delay === null))
  t.strictSame(
    answers.map(({ status }) => status),
    [...Array(10).fill(200), 429]
  )
  sandbox.advanceClock(301)
  t.equal((await askForMail(sandbox, 'nobody')).status, 200)
  t.equal(sandbox.counters().maxMailsPer300s, 11)
})

t.test('a user gets 5 mails per 30 minutes, and nobody is told', async (t) => {
  const sandbox = await sandboxFor(t, { settings: { allowListed: true } })
  sandbox.createUser({ id: 'ann', email: 'ann@acme.example' })
  t.ok((await times(6, () => askForMail(sandbox, 'ann'))).every(({ data }) => data.status === 'success'))
  t.equal(sandbox.mails().length, 5)
  sandbox.advanceClock(1801)
  await askForMail(sandbox, 'ann')
  t.equal(sandbox.mails().length, 6)
})

t.test('11 failed log-ins block even the right credentials, for 30 minutes (fact 7)', async (t) => {
  const sandbox = await sandboxFor(t)
  sandbox.createUser({ id: 'ann' })
  const wrong = { as: { user: 'ann', password: 'wrong' } }
  t.strictSame(
    new Set((await times(11, () => call(sandbox, 'GET', `${ocs}/cloud/user`, wrong))).map(codes)),
    new Set(['401/997'])
  )
  const blocked = await call(sandbox, 'GET', `${ocs}/cloud/users`, { as: sandbox.admin })
  t.strictSame(blocked.data, {
    ocs: { meta: { status: 'failure', statuscode: 429, message: 'Reached maximum delay' }, data: [] }
  })
  t.equal(blocked.status, 429)
  const form = await formLogin(sandbox, 'ann', 'sandbox-user-password')
  t.equal(form.status, 429)
  t.match(form.text, 'Too many requests')
  const capabilities = await call(sandbox, 'GET', `${ocs}/cloud/capabilities`)
  t.strictSame(capabilities.data.ocs.data.capabilities.bruteforce, { delay: 25000, 'allow-listed': false })
  t.equal(sandbox.counters().maxFailedLoginsPer30min, 11)
  sandbox.advanceClock(1801)
  t.equal((await call(sandbox, 'GET', `${ocs}/cloud/users`, { as: sandbox.admin })).status, 200)
})

t.test("a success forgets that user's failed log-ins, not those of others", async (t) => {
  const sandbox = await sandboxFor(t)
  sandbox.createUser({ id: 'ann' })
  const delay = async (): Promise<number> =>
    (await call(sandbox, 'GET', `${ocs}/cloud/capabilities`)).data.ocs.data.capabilities.bruteforce.delay
  await call(sandbox, 'GET', `${ocs}/cloud/user`, { as: { user: 'ann', password: 'wrong' } })
  await call(sandbox, 'GET', `${ocs}/cloud/user`, { as: { user: 'admin', password: 'wrong' } })
  t.equal(await delay(), 400)
  await call(sandbox, 'GET', `${ocs}/cloud/user`, { as: sandbox.admin })
  t.equal(await delay(), 200)
})

t.test('a form login of a disabled user fails and counts (fact 12)', async (t) => {
  const sandbox = await sandboxFor(t)
  sandbox.createUser({ id: 'ann', password: fresh, enabled: false })
  const answer = await formLogin(sandbox, 'ann', fresh)
  t.equal(answer.status, 303)
  t.equal(answer.headers.get('location'), '/login?direct=1&user=ann')
  t.equal(sandbox.counters().maxFailedLoginsPer30min, 1)
})
