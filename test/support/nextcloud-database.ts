import { randomBytes } from 'node:crypto'
import pg from 'pg'
import type { Test } from 'tap'
import type { Mirror, Sandbox } from '../../src/sandbox/index.ts'
import { testDatabase } from './database.ts'
import { grants, postgresTables } from './nextcloud-tables.ts'
import { startProxy } from './proxy.ts'

/** `url`: as a role that has what the docs say and nothing else. `admin`: past it. */
export type NextcloudDatabase = { url: string; admin: pg.Client }

/** Nextcloud's tables on the PostgreSQL of the tests, empty. */
export async function nextcloudDatabase(t: Test): Promise<NextcloudDatabase> {
  const url = new URL(await testDatabase(t))
  const admin = new pg.Client({ connectionString: url.href })
  admin.on('error', () => {})
  await admin.connect()
  await admin.query(postgresTables)
  const role = `nc_${randomBytes(6).toString('hex')}`
  await admin.query(`CREATE ROLE ${role} LOGIN PASSWORD '${role}'`)
  for (const grant of grants(role)) await admin.query(grant)
  t.teardown(async () => {
    await admin.query(`DROP OWNED BY ${role}`)
    await admin.query(`DROP ROLE ${role}`)
    await admin.end()
  })
  url.username = role
  url.password = role
  return { url: url.href, admin }
}

/**
 * The same, as the database of a simulated Nextcloud: each statement of the role finds what the sandbox has at that
 * moment, and what it deletes is gone there before it is answered.
 */
export async function databaseOf(t: Test, sandbox: Sandbox): Promise<NextcloudDatabase> {
  const { url, admin } = await nextcloudDatabase(t)
  let before: Mirror = { authtokens: [], preferences: [] }

  async function bringInStep(): Promise<void> {
    // Nobody deletes between what is read and what is written.
    await admin.query('BEGIN; LOCK TABLE oc_authtoken, oc_preferences IN EXCLUSIVE MODE')
    const tokens = await admin.query<{ id: string }>('SELECT id FROM oc_authtoken')
    const links = await admin.query<{ userid: string }>('SELECT userid FROM oc_preferences')
    const ids = new Set(tokens.rows.map(({ id }) => Number(id)))
    const owners = new Set(links.rows.map(({ userid }) => userid))
    sandbox.importDeletions({
      tokenIds: before.authtokens.map(({ id }) => id).filter((id) => !ids.has(id)),
      resetLinksOf: before.preferences.map(({ userid }) => userid).filter((userid) => !owners.has(userid))
    })
    before = sandbox.exportTokens()
    await admin.query('DELETE FROM oc_authtoken; DELETE FROM oc_preferences')
    await admin.query(
      'INSERT INTO oc_authtoken SELECT * FROM json_populate_recordset(NULL::oc_authtoken, $1)',
      [JSON.stringify(before.authtokens)]
    )
    await admin.query(
      `INSERT INTO oc_preferences (userid, appid, configkey, configvalue)
       SELECT userid, appid, configkey, configvalue FROM json_populate_recordset(NULL::oc_preferences, $1)`,
      [JSON.stringify(before.preferences)]
    )
    await admin.query('COMMIT')
  }

  let last = Promise.resolve()
  const detour = await startProxy(t, url, () => {
    last = last.then(bringInStep)
    return last
  })
  return { url: detour.url, admin }
}
