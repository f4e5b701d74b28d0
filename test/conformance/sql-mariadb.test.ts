import t from 'tap'
import { sqlDriver } from '../../src/revocation/sql.ts'
import { skip } from './mariadb.ts'
import { conforms } from './promises.ts'
import { mariaDbSubject } from './sql-subject.ts'
import { alive, freeFence, revoke } from './subject.ts'

t.test('revoking in MariaDB', { skip }, async (t) => {
  const subject = await mariaDbSubject(t)
  await t.test('promises', (t) =>
    conforms(t, async () => {
      await subject.empty()
      return subject
    })
  )

  await t.test('a restart of the database fails what is asked meanwhile, and nothing after', async (t) => {
    await subject.empty()
    await subject.addTokens('alice', [{ kind: 'app-password' }])
    const driver = subject.driver(freeFence)
    t.equal((await driver.list!('alice')).length, 1, 'a connection is open now')
    await subject.mariadb.restart()
    await subject.ask('USE nextcloud')
    // The connection that broke is noticed at once, or by who uses it first.
    await driver.list!('alice').catch((error) => t.ok(error.isPassing, error.message))
    t.match(await revoke(subject, 'alice'), { revoked: { appPasswords: 1 }, remaining: 0 })
  })

  await t.test('tables of an older default, whose = takes Alice for alice, make no difference', async (t) => {
    await subject.empty()
    await subject.ask('ALTER TABLE oc_authtoken CONVERT TO CHARACTER SET utf8mb3 COLLATE utf8mb3_general_ci')
    await subject.addTokens('alice', [{ kind: 'app-password' }])
    await subject.addTokens('Alice', [{ kind: 'app-password' }])
    await subject.addTokens('alice ', [{ kind: 'app-password' }])
    t.match(await revoke(subject, 'alice'), { revoked: { appPasswords: 1 }, remaining: 0 })
    const rows = await subject.ask('SELECT uid FROM oc_authtoken ORDER BY id')
    t.same(
      rows.map(({ uid }) => uid),
      ['Alice', 'alice ']
    )
    await subject.ask('ALTER TABLE oc_authtoken CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin')
  })

  await t.test('a row that others hold is not waited for without end', async (t) => {
    await subject.empty()
    await subject.addTokens('alice', [{ kind: 'app-password' }])
    await subject.ask('BEGIN')
    await subject.ask('UPDATE oc_authtoken SET last_check = 1')
    const started = performance.now()
    await t.rejects(revoke(subject, 'alice'), { isPassing: true, message: /too busy/ })
    t.ok(performance.now() - started < 11_000)
    await subject.ask('ROLLBACK')
    t.equal((await alive(subject, 'alice')).length, 1)
  })

  await t.test('what is wrong with the setting is said, without what is in it', async (t) => {
    const { port } = subject.mariadb
    const cases: [string, string, RegExp][] = [
      [`mysql://locksmith:s3cret@127.0.0.1:${port}/nextcloud`, 'oc_', /does not let the role/],
      [`mysql://locksmith:p%40ss%2Fword@127.0.0.1:${port}/other`, 'oc_', /does not let the role/],
      [subject.url, 'nc_', /lacks a right|no table/],
      [`${subject.url}?ssl-mode=VERIFY_IDENTITY`, 'oc_', /TLS/],
      ['mysql://locksmith:s3cret@127.0.0.1:9/nextcloud', 'oc_', /was not reached/],
      ['mysql://locksmith:s3cret@host with spaces/', 'oc_', /is no URL/]
    ]
    for (const [url, prefix, because] of cases) {
      const driver = sqlDriver({ url, prefix })
      const probe = await driver.probe()
      t.match(probe, { works: false, because }, JSON.stringify(probe))
      t.notMatch(JSON.stringify(probe), /s3cret|p@ss|127\.0\.0\.1/)
      await driver.close()
    }
    await subject.ask(`REVOKE DELETE ON nextcloud.oc_preferences FROM 'locksmith'@'%'`)
    const driver = sqlDriver({ url: subject.url, prefix: 'oc_' })
    t.match(await driver.probe(), { works: false, because: /lacks a right/, mend: /GRANT SELECT/ })
    await driver.close()
  })
})
