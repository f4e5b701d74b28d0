import t from 'tap'
import { sqlDriver } from '../../src/revocation/sql.ts'
import { conforms } from './promises.ts'
import { postgresSubject } from './sql-subject.ts'
import { alive, freeFence, revoke } from './subject.ts'

t.test('revoking in PostgreSQL', async (t) => {
  const subject = await postgresSubject(t)
  await t.test('promises', (t) =>
    conforms(t, async () => {
      await subject.empty()
      return subject
    })
  )

  await t.test(
    'connections that the server ends are no end of the process, and new ones are made',
    async (t) => {
      await subject.empty()
      await subject.addTokens('alice', [{ kind: 'app-password' }])
      const driver = subject.driver(freeFence)
      const end = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = ?`
      t.equal((await driver.list!('alice')).length, 1, 'one is open now')
      await subject.ask(end, [new URL(subject.url).username])
      await driver.list!('alice').catch((error) => t.ok(error.isPassing, error.message))
      const fence = {
        ...freeFence,
        // On a connection that is checked out, right before the delete.
        confirm: async () => {
          await subject.ask(end, [new URL(subject.url).username])
        }
      }
      await t.rejects(revoke(subject, 'alice', { fence }), { name: 'RevocationError', isPassing: true })
      t.equal((await alive(subject, 'alice')).length, 1)
      t.match(await revoke(subject, 'alice'), { revoked: { appPasswords: 1 }, remaining: 0 })
    }
  )

  await t.test('hundreds of tokens go, ids beyond 32 bits, too', async (t) => {
    await subject.empty()
    await subject.ask(
      `INSERT INTO oc_authtoken (id, uid, token, type, version)
       SELECT 5000000000 + n, 'alice', 'far-' || n, 1, 2 FROM generate_series(1, 1203) n`
    )
    await subject.ask(`UPDATE oc_authtoken SET type = NULL WHERE id = 5000000001`)
    t.match(await revoke(subject, 'alice'), { revoked: { sessions: 1, appPasswords: 1_202 }, remaining: 0 })
    t.same(await alive(subject, 'alice'), [])
  })

  await t.test('a row that others hold is not waited for without end', async (t) => {
    await subject.empty()
    await subject.addTokens('alice', [{ kind: 'app-password' }])
    await subject.ask('BEGIN')
    await subject.ask('UPDATE oc_authtoken SET last_check = 1')
    const started = performance.now()
    await t.rejects(revoke(subject, 'alice'), { isPassing: true, message: /too busy/ })
    t.ok(performance.now() - started < 13_000)
    await subject.ask('ROLLBACK')
    t.equal((await alive(subject, 'alice')).length, 1)
  })

  await t.test('what is wrong with the setting is said, without what is in it', async (t) => {
    const wrong = (change: (url: URL) => void) => {
      const url = new URL(subject.url)
      change(url)
      return url.href
    }
    const cases: [string, string, RegExp][] = [
      [wrong((url) => (url.password = 's3cret')), 'oc_', /does not let the role/],
      [wrong((url) => (url.pathname = '/no_such_database')), 'oc_', /does not let the role/],
      [subject.url, 'nc_', /no table/],
      [`${subject.url}?sslmode=verify-full`, 'oc_', /TLS/],
      [wrong((url) => (url.port = '9')), 'oc_', /was not reached/],
      ['postgres://a b:s3cret@[', 'oc_', /is no URL/]
    ]
    for (const [url, prefix, because] of cases) {
      const driver = sqlDriver({ url, prefix })
      const probe = await driver.probe()
      t.match(probe, { works: false, because }, JSON.stringify(probe))
      t.notMatch(JSON.stringify(probe), /s3cret|127\.0\.0\.1/)
      await driver.close()
    }
    const role = new URL(subject.url).username
    await subject.ask(`REVOKE DELETE ON oc_authtoken FROM ${role}`)
    const driver = sqlDriver({ url: subject.url, prefix: 'oc_' })
    t.match(await driver.probe(), { works: false, because: /lacks a right/, mend: /GRANT SELECT/ })
    await driver.close()
    t.throws(() => sqlDriver({ url: subject.url, prefix: 'oc_; DROP' }))
  })
})
