import t, { type Test } from 'tap'
import { type SandboxOptions, startSandbox } from '../../src/sandbox/index.ts'
import { askForMail } from '../sandbox/client.ts'
import { appApi, bySql, leaver, lockedForGood, tokenCacheSeconds } from '../support/leaver.ts'
import { startLocksmith } from '../support/locksmith.ts'
import { databaseOf } from '../support/nextcloud-database.ts'

const wait = { headers: { prefer: 'wait=30' } }

/** A Locksmith that has Nextcloud's database, and a leaver with a second factor who has just asked for a reset link. */
async function start(t: Test, options: SandboxOptions, more: object = {}) {
  const sandbox = await startSandbox(options)
  t.teardown(() => sandbox.close())
  const database = await databaseOf(t, sandbox)
  const locksmith = await startLocksmith(t, { sandbox, ways: () => ({ ...bySql(database), ...more }) })
  const lea = leaver(sandbox, { twoFactor: ['totp'] })
  await askForMail(sandbox, lea.id)
  t.equal(sandbox.linksOf(lea.id).filter(({ works }) => works).length, 1, 'a reset link is pending')
  return { ...locksmith, sandbox, database, lea }
}

/** In CI the oldest and the newest. */
const versions = process.env.SAMPLES === 'all' ? ([31, 33, 34] as const) : ([31, 34] as const)

for (const version of versions) {
  t.test(`Nextcloud ${version}: a leaver by SQL is disabled first, and nobody logs in`, async (t) => {
    const { call, sandbox, lea } = await start(t, { version })
    const { body } = await call('POST', '/users/lea/offboard', { body: { groups: 'all' }, ...wait })
    t.equal(body.state, 'succeeded', JSON.stringify(body.problem))
    t.strictSame(
      body.steps.map(({ name, state }: { name: string; state: string }) => `${name}: ${state}`),
      [
        'check-user: done',
        'disable-user: done',
        'replace-password: done',
        'revoke-tokens: done',
        'leave-groups: done',
        'report-residual-access: done'
      ]
    )
    t.match(body.outcome, {
      driver: { name: 'sql' },
      revoked: { sessions: 2, appPasswords: 3 },
      remaining: 0,
      earlierResetLink: 'dead',
      groupsRemoved: ['acme', 'sales']
    })
    t.strictSame(body.outcome.residualAccess, {
      tokens: 0,
      wipePending: 0,
      resetLink: 0,
      // Its role reads oc_authtoken and oc_preferences: passkeys and shares are in tables that it may not see.
      passkeys: 'unknown',
      publicLinks: 'unknown',
      federatedShares: 'unknown'
    })
    t.same(
      sandbox.calls().filter(({ path, method }) => method === 'POST' && path.endsWith('/login')),
      []
    )
    t.same(lea.alive(), [])

    sandbox.advanceClock(tokenCacheSeconds)
    const back = await call('POST', '/users/lea/enable', wait)
    t.match(back.body, { state: 'succeeded', outcome: { driver: { name: 'sql' }, enabled: true } })
    t.same(
      lea.alive().filter((what) => what !== 'the passkey'),
      [],
      'nothing of before comes back with enable'
    )
    t.notOk(
      sandbox.linksOf('lea').some(({ works }) => works),
      'nor the reset link'
    )
    t.ok(lea.isPublic(), 'as the answer said: nobody looked at links')
  })

  t.test(`Nextcloud ${version}: what is asked for and SQL cannot do is for a person`, async (t) => {
    const { call, sandbox } = await start(t, { version })
    const body = { shares: 'delete', passkeys: 'delete' }
    const offboarded = await call('POST', '/users/lea/offboard', { body, ...wait })
    t.match(offboarded.body, {
      state: 'needs-attention',
      problem: { code: 'residual-access', detail: /passkeys; public links; federated shares/ },
      outcome: { enabled: false, residualAccess: { tokens: 0, resetLink: 0, passkeys: 'unknown' } }
    })
    t.same(sandbox.tokens('lea'), [])
  })

  t.test(`Nextcloud ${version}: with AppAPI all goes by a log-in, and SQL reads back`, async (t) => {
    const { call, sandbox, lea } = await start(t, { version, settings: { appApi } }, { appApi })
    const body = { shares: 'delete', passkeys: 'delete', groups: 'all' }
    const offboarded = await call('POST', '/users/lea/offboard', { body, ...wait })
    t.equal(offboarded.body.state, 'succeeded', JSON.stringify(offboarded.body.problem))
    t.match(offboarded.body.outcome, {
      driver: { name: 'session', pastSecondFactor: true },
      revoked: { sessions: 2, appPasswords: 3 }
    })
    t.strictSame(offboarded.body.outcome.residualAccess, {
      tokens: 0,
      wipePending: 0,
      resetLink: 0,
      passkeys: 0,
      publicLinks: 0,
      federatedShares: 0
    })
    t.notOk(lea.isPublic())
    t.notOk(sandbox.linksOf('lea').some(({ works }) => works))
    const back = await call('POST', '/users/lea/enable', wait)
    t.match(back.body, { state: 'succeeded', outcome: { driver: { name: 'sql' }, enabled: true } })
    lockedForGood(t, sandbox, lea)
  })
}

for (const [method, path, state] of [
  ['DELETE', '/users/lea/tokens', 'succeeded'],
  ['POST', '/users/lea/offboard', 'needs-attention']
] as const) {
  t.test(
    `a reset link that is still there after it was deleted is not called dead: ${method} ${path}`,
    async (t) => {
      const { call, database } = await start(t, { version: 31 })
      await database.admin.query(
        `CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN IF current_user LIKE 'nc\\_%' THEN RETURN NULL; END IF; RETURN OLD; END $$;
       CREATE TRIGGER keep BEFORE DELETE ON oc_preferences FOR EACH ROW EXECUTE FUNCTION keep()`
      )
      const { body } = await call(method, path, wait)
      t.equal(body.state, state, JSON.stringify(body.problem))
      t.match(body.outcome, {
        revoked: { sessions: 2, appPasswords: 3 },
        remaining: 0,
        earlierResetLink: 'unknown'
      })
      if (state === 'succeeded') return
      t.equal(body.outcome.residualAccess.resetLink, 1)
      t.match(body.problem, { code: 'residual-access', detail: /Left: 1 reset links/ })
    }
  )
}
