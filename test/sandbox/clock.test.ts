import t from 'tap'
import { createClock } from '../../src/sandbox/clock.ts'
import { askForMail, call, createAnn, fresh, newestLink, ocs, putUser, sandboxFor } from './client.ts'

const start = 1_800_000_000_000

t.test('time is epoch + (real − epoch) × speed, and what it was moved forward', (t) => {
  let real = start
  const clock = createClock({ base: () => real, speed: 60, epoch: start - 1_000 })
  t.equal(clock.now(), start + 59_000)
  real += 1_000
  t.equal(clock.now(), start + 119_000)
  t.equal(clock.seconds(), (start + 119_000) / 1000)
  clock.advance(3_600)
  t.equal(clock.now(), start + 119_000 + 3_600_000)
  t.throws(() => clock.advance(-1))
  t.equal(createClock({ base: () => real, speed: 300 }).now(), real, 'by default the epoch is the start')
  for (const speed of [0, -1, Number.NaN, Infinity]) t.throws(() => createClock({ speed }))
  t.end()
})

t.test('limits, token checks, links and the last log-in go by the fast clock', async (t) => {
  let real = start
  const sandbox = await sandboxFor(t, { clock: () => real, clockSpeed: 300, version: 31 })
  const { app } = createAnn(sandbox)
  await askForMail(sandbox, 'ann')
  const link = newestLink(sandbox, 'ann@acme.example')
  const logIn = async (): Promise<number> => {
    await call(sandbox, 'GET', `${ocs}/cloud/user`, { as: app })
    return sandbox.nextcloud.users.get('ann')!.lastLogin
  }
  const before = sandbox.nextcloud.users.get('ann')!.lastLogin
  real += 100 // 30 s
  t.equal(await logIn(), before)
  await putUser(sandbox, 'ann', 'password', fresh)
  t.equal(sandbox.tryCredential(app), 200)
  real += 901 // 4.5 min more
  t.equal(sandbox.tryCredential(app), 401, 'checked after five minutes')
  for (let n = 0; n < 49; n++) await putUser(sandbox, 'ann', 'displayname', 'Ann')
  t.equal((await putUser(sandbox, 'ann', 'displayname', 'Ann')).status, 429)
  real += 2_001
  t.equal((await putUser(sandbox, 'ann', 'displayname', 'Ann')).status, 200, '600 s later')
  real += (7 * 24 * 3600 * 1000) / 300
  t.match(sandbox.completeReset(link, fresh).message, 'expired')
})

t.test('Date is of the same clock, so that lastLogin can be held against it', async (t) => {
  let real = start
  const sandbox = await sandboxFor(t, { clock: () => real, clockSpeed: 60 })
  sandbox.createUser({ id: 'ann' })
  real += 60_000
  const dateOf = async (path: string): Promise<number> =>
    Date.parse((await call(sandbox, 'GET', path)).headers.get('date') ?? '')
  t.equal(await dateOf('/status.php'), start + 3_600_000)
  t.equal(await dateOf(`${ocs}/cloud/users`), start + 3_600_000)
  sandbox.advanceClock(10)
  sandbox.addFault({ match: {}, do: 'html-500' })
  t.equal(await dateOf('/status.php'), start + 3_610_000, 'also where a fault answers')
})

t.test('a clock that others share is never moved by the delays of 31: callers wait them out', async (t) => {
  const sandbox = await sandboxFor(t, { version: 31, clockSpeed: 50 })
  const began = performance.now()
  // 0.2 + 0.6 + 1.2 + 2.4 s
  for (let n = 0; n < 4; n++) await askForMail(sandbox, 'nobody')
  const tookMs = performance.now() - began
  t.ok(tookMs >= 4_400 / 50 - 5, `${tookMs} ms`)
  const { now, epoch, speed } = (await call(sandbox, 'GET', '/sandbox/api/clock')).data
  t.equal(speed, 50)
  t.ok(Math.abs(Date.parse(now) - (epoch + (Date.now() - epoch) * 50)) < 50 * 500)
})
