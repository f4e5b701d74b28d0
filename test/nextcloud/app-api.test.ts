import t from 'tap'
import { Secret } from '../../src/secret.ts'
import { appApi, leaver } from '../support/leaver.ts'
import { eventually, type Locksmith, startLocksmith } from '../support/locksmith.ts'

const wrong = () => ({ appApi: { ...appApi, secret: 'not-the-secret' } })

t.test('a wrong AppAPI secret is sent once, by however many replicas, until it changes', async (t) => {
  const first = await startLocksmith(t, { ways: wrong })
  const { sandbox, databaseUrl } = first
  sandbox.settings({ appApi })
  const attempts = () => sandbox.nextcloud.throttler.count('127.0.0.1', 'app_api')
  const more = () => startLocksmith(t, { sandbox, databaseUrl, ways: wrong })
  const replicas: Locksmith[] = [first, await more(), await more(), await more()]
  const ids = Array.from({ length: 12 }, (_, at) => leaver(sandbox, { id: `u${at}`, twoFactor: ['totp'] }).id)
  await Promise.all(
    ids.map(async (id, at) => {
      const { call, world } = replicas[at % replicas.length]!
      await world.nextcloud.appApiState()
      const { status, body } = await call('POST', `/users/${id}/reset`)
      const problem =
        status === 202
          ? (
              await eventually(
                async () => (await call('GET', `/operations/${body.id}`)).body,
                ({ state }) => state === 'failed',
                60
              )
            ).problem
          : body
      t.match(problem, { code: 'two-factor-user', detail: /does not take APPAPI_ID.*credentials retry/ })
    })
  )
  t.equal(attempts(), 1)
  // Also by one that takes it for good, since it was asked a moment before.
  for (const { world } of replicas) {
    const login = world.nextcloud.logIn('u1', new Secret('x'), 'Locksmith', { pastSecondFactor: true })
    await t.rejects(login, { variant: 'credentials-refused', message: /APPAPI_SECRET/ })
  }
  t.equal(attempts(), 1)
  t.equal(sandbox.counters().maxFailedLoginsPer30min, 0, 'nobody was logged in')
  const { body } = await first.call('GET', '/audit?action=nextcloud.credentials-refused')
  t.match(body.items, [{ details: { adminUser: 'AppAPI:locksmith' } }])

  const mended = await startLocksmith(t, { sandbox, databaseUrl, ways: () => ({ appApi }) })
  t.equal(await mended.world.nextcloud.appApiState(), 'ready', 'another secret is tried at once')
  await first.world.pool.query('DELETE FROM refused_credential') // locksmith host credentials retry
  t.equal(attempts(), 0, 'forgotten by Nextcloud, since that one was right')
  t.equal(await first.world.nextcloud.appApiState(), 'refused')
  t.equal(attempts(), 1, 'and this one is tried again')
})

t.test('a secret that changes in Nextcloud while users are reset is sent twice at most', async (t) => {
  const first = await startLocksmith(t, { ways: () => ({ appApi }) })
  const { sandbox, databaseUrl } = first
  sandbox.settings({ appApi })
  const replicas: Locksmith[] = [first]
  for (const _ of [1, 2, 3])
    replicas.push(await startLocksmith(t, { sandbox, databaseUrl, ways: () => ({ appApi }) }))
  const ids = Array.from({ length: 12 }, (_, at) => leaver(sandbox, { id: `u${at}`, twoFactor: ['totp'] }).id)
  // They know by then that it would pass, and the first has its password replaced. A second one only joins it
  // while its process has seen the administrator's password taken a moment ago.
  const fault = { match: { method: 'PUT' }, do: 'hang-after' } as const
  sandbox.addFault(fault)
  const begun = await Promise.all(
    ids.map(async (id, at) => (await replicas[at % 4]!.call('POST', `/users/${id}/reset`)).body.id as string)
  )
  await eventually(
    () => sandbox.calls().filter(({ method, effects }) => method === 'PUT' && effects.length > 0),
    (puts) => puts.length >= 1
  )
  sandbox.settings({ appApi: { ...appApi, secret: 'another' } })
  sandbox.clearFaults()
  const over = await Promise.all(
    begun.map((id) =>
      eventually(
        async () => (await first.call('GET', `/operations/${id}`)).body,
        ({ state }) => state !== 'queued' && state !== 'running',
        120
      )
    )
  )
  for (const { state, problem } of over)
    t.match({ state, problem }, { state: /waiting|failed|needs-attention|succeeded/ }, problem?.code)
  t.ok(over.some(({ problem }) => problem?.code === 'nextcloud-credentials-refused'))
  const attempts = sandbox.nextcloud.throttler.count('127.0.0.1', 'app_api')
  t.ok(attempts >= 1 && attempts <= 2, `${attempts}`)
})
