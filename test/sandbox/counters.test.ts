import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { createClock } from '../../src/sandbox/clock.ts'
import { Counting } from '../../src/sandbox/counters/counters.ts'
import { Overlaps, type Span } from '../../src/sandbox/counters/overlaps.ts'
import { SlidingMaximum } from '../../src/sandbox/counters/sliding.ts'
import { CallLog } from '../../src/sandbox/http/log.ts'
import type { LoggedCall, Sandbox } from '../../src/sandbox/index.ts'
import {
  type Answer,
  type Ask,
  askForMail,
  call,
  createAnn,
  formLogin,
  fresh,
  ocs,
  password,
  putUser,
  sandboxFor
} from './client.ts'

const who = (sandbox: Sandbox, as: NonNullable<Ask['as']>): Promise<Answer> =>
  call(sandbox, 'GET', `${ocs}/cloud/user`, { as })

type Attempt = (
  sandbox: Sandbox,
  anns: ReturnType<typeof createAnn>
) => Promise<Answer> | Promise<Answer>[] | unknown

const counted: Record<string, Attempt> = {
  'a form login with a wrong password': (sandbox) => formLogin(sandbox, 'ann', 'wrong'),
  'a form login of nobody': (sandbox) => formLogin(sandbox, 'nobody', password),
  'a form login of a disabled user': (sandbox) => {
    sandbox.updateUser('ann', { enabled: false })
    return formLogin(sandbox, 'ann', password)
  },
  'a form login without its request token': (sandbox) =>
    call(sandbox, 'POST', '/index.php/login', {
      form: { user: 'ann', password },
      headers: { 'OCS-APIRequest': null, Origin: sandbox.url }
    }),
  'Basic auth with a wrong password': (sandbox) => who(sandbox, { user: 'ann', password: 'wrong' }),
  'Basic auth of nobody': (sandbox) => who(sandbox, { user: 'nobody', password }),
  'Basic auth by an address with a wrong password': (sandbox) =>
    who(sandbox, { user: 'ann@acme.example', password: 'wrong' }),
  'a wrong password on a page': (sandbox) =>
    call(sandbox, 'GET', '/index.php/settings/api/admin/twofactorauth', {
      as: { user: 'admin', password: 'wrong' }
    }),
  "an app password under another's name": (sandbox, { app }) => who(sandbox, { ...app, user: 'admin' }),
  'an app password that was deleted': async (sandbox, { app }) => {
    await call(sandbox, 'DELETE', `${ocs}/core/apppassword`, { as: app })
    return who(sandbox, app)
  },
  'an app password that waits for its wipe': async (sandbox, { app }) => {
    await call(sandbox, 'POST', `${ocs}/cloud/users/ann/wipe`, { as: sandbox.admin })
    return who(sandbox, app)
  },
  'an app password at the check that finds the password changed': async (sandbox, { app }) => {
    await putUser(sandbox, 'ann', 'password', fresh)
    sandbox.advanceClock(301)
    return who(sandbox, app)
  }
}

const notCounted: Record<string, Attempt> = {
  'a form login from a foreign page': (sandbox) =>
    call(sandbox, 'POST', '/index.php/login', {
      form: { user: 'ann', password },
      headers: { Origin: 'https://elsewhere.example' }
    }),
  'the right Basic auth of a disabled user': (sandbox, { app }) => {
    sandbox.updateUser('ann', { enabled: false })
    return Promise.all([who(sandbox, { user: 'ann', password }), who(sandbox, app)])
  },
  'an app password that is marked invalid already': async (sandbox, { app }) => {
    await putUser(sandbox, 'ann', 'password', fresh)
    sandbox.advanceClock(301)
    sandbox.tryCredential(app)
    return who(sandbox, app)
  },
  'the real password of an account with a second factor': (sandbox) => {
    sandbox.updateUser('ann', { twoFactor: ['totp'] })
    return who(sandbox, { user: 'ann', password: 'wrong' })
  },
  "a session's id as a password": (sandbox, { browser }) => {
    const id = new RegExp(`${sandbox.nextcloud.sessions.cookieName}=([^;]+)`).exec(browser.cookie)?.[1] ?? ''
    return who(sandbox, { user: 'ann', password: id })
  },
  'a dead session': (sandbox, { browser }) => {
    for (const token of sandbox.nextcloud.tokens.of('ann')) sandbox.nextcloud.tokens.remove(token)
    return who(sandbox, browser)
  },
  'what people try at their own addresses': (sandbox) => {
    for (let n = 0; n < 15; n++) sandbox.loginAsPerson('ann', 'wrong')
    sandbox.tryCredential({ user: 'ann', password: 'wrong' })
  }
}

for (const allowListed of [false, true]) {
  t.test(`every refused credential is counted, allow-listed: ${allowListed}`, async (t) => {
    for (const [attempts, expected] of [
      [counted, 1],
      [notCounted, 0]
    ] as const) {
      for (const [what, attempt] of Object.entries(attempts)) {
        const sandbox = await sandboxFor(t, { settings: { allowListed } })
        await attempt(sandbox, createAnn(sandbox))
        t.equal(sandbox.counters().maxFailedLoginsPer30min, expected, what)
      }
    }
  })
}

t.test('counters are right over more calls than the log keeps', (t) => {
  let now = 1_800_000_000_000
  const clock = createClock({ base: () => now })
  const counting = new Counting(clock)
  const log = new CallLog(clock, counting)
  const take = (name: string, count: number, done: Partial<LoggedCall> = {}): void => {
    for (let n = 0; n < count; n++) {
      const logged = log.begin('PUT', '/', 'test')
      log.arrived(logged, name)
      Object.assign(logged, done)
      log.handled(logged)
      log.settle(logged)
      now += 1
    }
  }
  const put = 'PUT /cloud/users/{userId}'
  const effects = [{ userId: 'ann', effect: 'set email' }]
  take(put, 60, { actor: 'admin', effects })
  now += 600_000
  take('other', 100_000, { status: 429, throttledMs: 200 })
  take(put, 40, { actor: 'second', effects })
  for (let n = 0; n < 1_000; n++) counting.attempted('login', '127.0.0.1')
  now += 1_800_000
  for (let n = 0; n < 30; n++) counting.attempted('login', '127.0.0.1')
  for (let n = 0; n < 900; n++) counting.attempted('login', '127.0.0.2')
  t.match(counting.read(), {
    calls: 100_100,
    callsByName: { [put]: 100, other: 100_000 },
    putsByAdmin: { admin: 60, second: 40 },
    maxPutsPer600s: { admin: 60, second: 40 },
    maxFailedLoginsPer30min: 1_000,
    answered429: 100_000,
    throttledMs: 20_000_000,
    maxConcurrentPerUser: { ann: 1 }
  })
  t.ok(log.all().length >= 20_000 && log.all().length < 25_000)
  t.equal(log.all().at(-1)?.number, 100_100)
  log.clear()
  t.match(counting.read(), { calls: 0, putsByAdmin: {}, maxFailedLoginsPer30min: 0 })
  t.end()
})

t.test('mails are counted by address and by user, and as they arrive', async (t) => {
  const sandbox = await sandboxFor(t, { settings: { allowListed: true } })
  createAnn(sandbox)
  sandbox.createUser({ id: 'bob', email: 'bob@acme.example' })
  for (let n = 0; n < 7; n++) await askForMail(sandbox, n < 2 ? 'ann@acme.example' : 'Ann')
  await askForMail(sandbox, 'nobody')
  await askForMail(sandbox, 'bob')
  sandbox.advanceClock(1_800)
  sandbox.treatMail('bob@acme.example', 'reject')
  await askForMail(sandbox, 'bob')
  await putUser(sandbox, 'ann', 'password', fresh)
  t.match(sandbox.counters(), {
    maxMailsPer300s: 9,
    maxMailsPer30min: { '127.0.0.1': 9 },
    maxMailsPerUserPer30min: { ann: 7, bob: 1 },
    mailsDelivered: { ann: { 'reset-link': 5, 'password-changed': 1 }, bob: { 'reset-link': 1 } }
  })
})

t.test('429s are told apart: by brute-force protection, by a rate limit, and by a fault', async (t) => {
  const sandbox = await sandboxFor(t)
  sandbox.createUser({ id: 'ann' })
  for (let n = 0; n < 51; n++) await putUser(sandbox, 'ann', 'displayname', 'Ann')
  for (let n = 0; n < 13; n++) await formLogin(sandbox, 'ann', 'wrong')
  await who(sandbox, sandbox.admin)
  for (const kind of ['429-empty', '429-delay'] as const) {
    sandbox.addFault({ match: {}, times: 1, do: kind })
    await who(sandbox, sandbox.admin)
  }
  t.match(sandbox.counters(), { answered429: 7, refused: { maxDelay: 4, rateLimit: 1 } })
})

t.test('a call is under way until its caller hangs up, though its effect is still to come', async (t) => {
  const sandbox = await sandboxFor(t)
  createAnn(sandbox)
  const put = (patienceMs?: number): Promise<Answer> =>
    call(sandbox, 'PUT', `${ocs}/cloud/users/ann`, {
      as: sandbox.admin,
      form: { key: 'displayname', value: 'Ann' },
      ...(patienceMs !== undefined && { patienceMs })
    })
  sandbox.addFault({ match: {}, times: 1, do: 'late', delayMs: 200 })
  await t.rejects(put(50))
  await sleep(20)
  await put()
  await sleep(250)
  t.equal(sandbox.calls().filter(({ effects }) => effects.length > 0).length, 2)
  t.strictSame(sandbox.counters().maxConcurrentPerUser, { ann: 1 })
  sandbox.addFault({ match: {}, times: 1, do: 'late', delayMs: 200 })
  const slow = put()
  await sleep(50)
  await Promise.all([put(), slow])
  t.strictSame(sandbox.counters().maxConcurrentPerUser, { ann: 2 })
})

t.test("deletes of one session at once are one somebody's", async (t) => {
  const sandbox = await sandboxFor(t, { version: 31 })
  createAnn(sandbox)
  for (const name of ['Tablet', 'Laptop']) sandbox.createAppPassword('ann', name)
  const mine = await formLogin(sandbox, 'ann', password)
  const ids = sandbox.tokens('ann').map(({ id }) => id)
  sandbox.settings({ latencyMs: 50 })
  const remove = (id: number, cookie = mine.cookie) =>
    call(sandbox, 'DELETE', `/index.php/settings/personal/authtokens/${id}`, { as: { cookie } })
  await Promise.all([remove(ids[1]!), remove(ids[2]!)])
  t.equal(sandbox.counters().maxConcurrentPerUser.ann, 1)
  const another = await formLogin(sandbox, 'ann', password)
  await Promise.all([remove(ids[3]!), remove(ids[0]!, another.cookie)])
  t.equal(sandbox.counters().maxConcurrentPerUser.ann, 2)
})

t.test('the most within a window is what counting all pairs would find', (t) => {
  const sliding = new SlidingMaximum(1_000)
  const times: number[] = []
  let at = 0
  let most = 0
  for (let n = 0; n < 3_000; n++) {
    at += Math.floor(Math.random() ** 4 * 200)
    times.push(at)
    sliding.add(at)
    most = Math.max(most, times.filter((time) => time > at - 1_000).length)
    if (sliding.most !== most) t.fail(`${sliding.most} instead of ${most}`)
  }
  t.ok(most > 1)
  t.end()
})

t.test('overlaps are those that comparing all calls would find', (t) => {
  for (let round = 0; round < 50; round++) {
    const overlaps = new Overlaps<Span>()
    const changes: Span[] = []
    const open: Span[] = []
    let order = 0
    for (let n = 0; n < 200; n++) {
      const begin = Math.random() < 0.5 || open.length === 0
      if (begin && open.length < 6) {
        const session = Math.random() < 0.3 ? 7 : null
        const call = { began: ++order, ended: Infinity, session }
        open.push(call)
        overlaps.begin(call)
        continue
      }
      const [call] = open.splice(Math.floor(Math.random() * open.length), 1)
      // Some are hung up on before they change anything, some change nothing.
      if (Math.random() < 0.2) call!.ended = ++order
      if (Math.random() < 0.7) {
        changes.push(call!)
        overlaps.change(call!, 'ann')
      }
      if (call!.ended === Infinity) call!.ended = ++order
      overlaps.settle(call!)
    }
    const expected = Math.max(
      ...changes.map(({ began }) => {
        const atOnce = changes.filter((one) => one.began <= began && one.ended > began)
        return new Set(atOnce.map((one) => one.session ?? one)).size
      })
    )
    t.equal(overlaps.all().ann, expected)
  }
  t.end()
})
