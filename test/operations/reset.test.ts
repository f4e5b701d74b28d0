import t from 'tap'
import { startLocksmith } from '../support/locksmith.ts'

t.test(
  'nothing that worked before a reset works after, nor comes back when the user logs in again',
  async (t) => {
    for (const version of [31, 33, 34] as const) {
      t.test(`Nextcloud ${version}`, async (t) => {
        const { call, sandbox } = await startLocksmith(t, { sandbox: { version } })
        sandbox.createUser({ id: 'anna', password: 'Old-Password-4711', email: 'anna@example.org' })
        const before = [
          await sandbox.openBrowserSession('anna', { userAgent: 'Firefox' }),
          await sandbox.openBrowserSession('anna', { userAgent: 'Safari' }),
          ...(await Promise.all(
            ['Phone', 'Laptop', 'Thunderbird'].map(async (name) => ({
              user: 'anna',
              password: (await sandbox.createAppPassword('anna', name)).password
            }))
          ))
        ]
        for (const credential of before) t.equal(sandbox.tryCredential(credential), 200, 'works before')

        const reply = await call('POST', '/users/anna/reset', { headers: { prefer: 'wait=20' } })
        t.equal(reply.status, 200)
        t.match(reply.body, {
          state: 'succeeded',
          outcome: {
            passwordReplaced: true,
            revoked: { sessions: 2, appPasswords: 3 },
            remaining: 0,
            resetLink: 'dead',
            mail: { via: 'nextcloud', delivery: 'requested', to: 'anna@example.org' }
          }
        })
        for (const credential of before)
          t.equal(sandbox.tryCredential(credential), 401, 'dead after the reset')
        const link = sandbox.linkOf(sandbox.mails({ to: 'anna@example.org' }).at(-1)!)!
        t.ok(sandbox.completeReset(link, 'New-Password-4711').ok)
        t.ok(sandbox.loginAsPerson('anna', 'New-Password-4711').ok)
        for (const credential of before)
          t.equal(sandbox.tryCredential(credential), 401, 'still dead after a log-in')
      })
    }
  }
)
