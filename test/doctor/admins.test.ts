import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { subjectOf } from '../../src/doctor/doctor.routes.ts'
import { examine } from '../../src/doctor/doctor.ts'
import { type NextcloudVersion, startSandbox } from '../../src/sandbox/index.ts'
import { of } from '../support/doctor.ts'
import { serve } from '../support/locksmith.ts'

type Account = { user: string; password: string }

async function doctorWith(t: Tap, version: NextcloudVersion, accounts: (own: Account) => Account[]) {
  const sandbox = await startSandbox({ version })
  t.teardown(() => sandbox.close())
  const url = new URL(sandbox.url)
  const nextcloud = { url, publicUrl: url, admins: accounts(sandbox.admin) }
  const { world } = await serve(t, { nextcloud, worker: false })
  return { sandbox, world, look: () => examine(subjectOf(world)) }
}
type Tap = Parameters<typeof serve>[0]

const wrong = (own: Account) => [{ ...own, password: 'Not-Its-Password-4711' }]

for (const version of [31, 33, 34] satisfies NextcloudVersion[]) {
  t.test(`on ${version} a refused credential is sent once, and never again until it is let`, async (t) => {
    const { sandbox, look, world } = await doctorWith(t, version, wrong)
    const first = await look()
    t.match(of(first, 'admin-account', 'admin'), {
      state: 'error',
      found: /refused admin: the password is wrong/,
      mend: /Set the right NEXTCLOUD_ADMIN_PASSWORD and restart.*locksmith host credentials retry/
    })
    const sent = () => sandbox.calls().filter(({ status }) => status === 401).length
    t.equal(sent(), 1)
    t.match(of(first, 'encryption'), { state: 'skipped', found: /see admin-account/ })
    t.match(of(first, 'driver', 'session'), { state: 'skipped' })
    t.match(of(first, 'password-reset'), { state: 'ok' }, 'what needs no credentials is said all the same')

    // The process itself remembers the refusal for a second; from then on the table says it.
    await sleep(1_100)
    const second = await look()
    t.match(of(second, 'admin-account', 'admin'), {
      state: 'error',
      found: /was not asked again/,
      mend: /^locksmith host credentials retry/
    })
    t.equal(sent(), 1, 'the gate was read, and nothing sent')
    await world.pool.query('DELETE FROM refused_credential')
  })

  t.test(`on ${version} each account is looked at`, async (t) => {
    const { sandbox, look } = await doctorWith(t, version, (own) => [
      own,
      { user: 'second', password: 'Second-Password-4711' },
      { user: 'third', password: 'Not-Its-Password-4711' }
    ])
    sandbox.createUser({ id: 'second', password: 'Second-Password-4711' })
    sandbox.createUser({ id: 'third', password: 'Third-Password-4711', groups: ['admin'] })
    const report = await look()
    t.match(of(report, 'admin-account', 'admin'), { state: 'ok' })
    t.match(of(report, 'admin-account', 'second'), {
      state: 'error',
      found: /not in the group admin/,
      mend: 'occ group:adduser admin second'
    })
    t.match(of(report, 'admin-account', 'third'), { state: 'error', mend: /right NEXTCLOUD_MORE_ADMINS/ })
    t.match(of(report, 'encryption'), { state: 'ok' }, 'asked with one that is taken')
  })

  t.test(`on ${version} one that is no admin is told so once, not by each check`, async (t) => {
    const { sandbox, look } = await doctorWith(t, version, () => [
      { user: 'second', password: 'Second-Password-4711' }
    ])
    sandbox.createUser({ id: 'second', password: 'Second-Password-4711' })
    const report = await look()
    t.match(of(report, 'admin-account'), { state: 'error', mend: 'occ group:adduser admin second' })
    for (const name of ['own-address', 'encryption', 'two-factor', 'nextcloud-mail', 'driver'])
      t.match(of(report, name), { state: 'skipped', found: /see admin-account/ })
    t.strictSame(
      report.findings.filter(({ state }) => state === 'unknown'),
      []
    )
  })

  t.test(`on ${version} an account with a second factor is told from a wrong password`, async (t) => {
    const { sandbox, look } = await doctorWith(t, version, (own) => [own])
    sandbox.settings({ tokenAuthEnforced: true })
    t.match(of(await look(), 'admin-account'), {
      state: 'error',
      found: /did not look at the password of admin.*second factor.*token_auth_enforced/,
      mend: /occ twofactorauth:disable admin .*occ config:system:set token_auth_enforced --type=boolean --value=false/
    })
  })

  t.test(`on ${version} an app password is told, and what it may do`, async (t) => {
    const sandbox = await startSandbox({ version })
    t.teardown(() => sandbox.close())
    const password = 'aB3dE-fG6hI-jK9lM-nO2pQ-rS5tU'
    sandbox.createAppPassword('admin', 'Locksmith', { password })
    const url = new URL(sandbox.url)
    const nextcloud = { url, publicUrl: url, admins: [{ user: 'admin', password }] }
    const { world } = await serve(t, { nextcloud, worker: false })
    const report = await examine(subjectOf(world))
    t.match(of(report, 'admin-account'), { state: 'ok' })
    if (version < 34) {
      t.match(of(report, 'admin-password'), {
        state: 'ok',
        found: /may change users/,
        means: /upgrade to 34/
      })
    } else {
      t.match(of(report, 'admin-password'), {
        state: 'error',
        found: /it is an app password/,
        means: /nextcloud\/server#61974/,
        mend: 'Set NEXTCLOUD_ADMIN_PASSWORD to the real password of admin. It must be without a second factor.'
      })
      t.match(of(report, 'driver', 'session'), { state: 'skipped' })
    }
    t.notMatch(JSON.stringify(report), password)
  })
}

t.test('an address that is blocked is said to be', async (t) => {
  const { sandbox, look } = await doctorWith(t, 34, (own) => [own])
  for (let i = 0; i < 11; i++) sandbox.nextcloud.throttler.register('login', '127.0.0.1', 'somebody')
  const report = await look()
  t.match(of(report, 'admin-account'), { state: 'error', mend: /^occ security:bruteforce:reset/ })
  t.match(of(report, 'brute-force-delay'), {
    state: 'warning',
    found: /up to 25 s/,
    mend: /^occ security:bruteforce:reset/
  })
})
