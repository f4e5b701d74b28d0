import type { Test } from 'tap'
import { sqlDriver } from '../../src/revocation/sql.ts'
import { eventually } from '../support/locksmith.ts'
import { nextcloudDatabase } from '../support/nextcloud-database.ts'
import { grants, mysqlTables } from '../support/nextcloud-tables.ts'
import { type Detour, startProxy } from '../support/proxy.ts'
import { type MariaDb, startMariaDb } from './mariadb.ts'
import { alive, hostileIds, type Subject } from './subject.ts'

const types = { session: 0, 'app-password': 1, wiped: 2 } as const
const kindsOf = ['session', 'app-password', 'wiped'] as const
const cacheMs = 400

/** Says something to the database past the driver, with `?` for values. @returns rows */
// biome-ignore lint/suspicious/noExplicitAny: rows are what the statement says
export type Ask = (text: string, values?: unknown[]) => Promise<any[]>

export type SqlSubject = Subject & { ask: Ask; url: string; detour: Detour; empty(): Promise<void> }

async function subjectOf(t: Test, url: string, ask: Ask): Promise<SqlSubject> {
  const detour = await startProxy(t, url)
  const driver = sqlDriver({ url: detour.url, prefix: 'oc_', cacheMs })
  t.teardown(() => driver.close())
  let lastId = 0
  const isUser = (column: string) => `${column} = ? AND length(${column}) = length(?)`
  const subject: SqlSubject = {
    url,
    detour,
    ask,
    async empty() {
      detour.mend()
      await ask('DELETE FROM oc_authtoken')
      await ask('DELETE FROM oc_preferences')
    },
    can: {
      selects: true,
      deletes: true,
      counts: true,
      oneByOne: false,
      killsLinks: true,
      knowsUsers: false,
      sparesLateWipes: true,
      waits: cacheMs,
      similarIds: ['Alice', 'alice ', 'ali%', 'a_ice', 'älice'],
      hostileIds
    },
    driver: () => driver,
    addUser: async () => {},
    async addTokens(uid, seeds) {
      const rows = seeds.map(({ kind, lastActivity = new Date() }) => [
        ++lastId,
        uid,
        uid,
        `Device ${lastId}`,
        `token-${lastId}`,
        types[kind],
        Math.floor(lastActivity.getTime() / 1_000)
      ])
      for (const row of rows)
        await ask(
          'INSERT INTO oc_authtoken (id, uid, login_name, name, token, type, last_activity, version) VALUES (?, ?, ?, ?, ?, ?, ?, 2)',
          row
        )
      return rows.map(([id]) => id as number)
    },
    tokens: async (uid) =>
      (await ask(`SELECT id, type FROM oc_authtoken WHERE ${isUser('uid')}`, [uid, uid])).map(
        ({ id, type }) => ({ id: Number(id), kind: kindsOf[type as 0]! })
      ),
    markWiped: async (id) => {
      await ask('UPDATE oc_authtoken SET type = 2 WHERE id = ?', [id])
    },
    async mailLink(userId) {
      for (const [app, key] of [
        ['core', 'lostpassword'],
        ['core', 'lang'],
        ['settings', 'lostpassword']
      ])
        await ask('INSERT INTO oc_preferences (userid, appid, configkey, configvalue) VALUES (?, ?, ?, ?)', [
          userId,
          app,
          key,
          'd39c|2a21|0738|3'
        ])
    },
    async hasLink(userId) {
      const rows = await ask('SELECT appid, configkey FROM oc_preferences WHERE userid = ?', [userId])
      return rows.some(({ appid, configkey }) => appid === 'core' && configkey === 'lostpassword')
    },
    breakOff: async () => detour.cut(),
    mend: async () => detour.mend(),
    // While the driver waits for the cache.
    async loseReadBack(userId) {
      void eventually(
        () => alive(subject, userId),
        (tokens) => tokens.length === 0
      ).then(() => detour.cut())
    }
  }
  return subject
}

/** On the PostgreSQL of the tests, as a role that has what the docs say and nothing else. */
export async function postgresSubject(t: Test): Promise<SqlSubject> {
  const { url, admin } = await nextcloudDatabase(t)
  return subjectOf(t, url, async (text, values = []) => {
    let at = 0
    return (
      await admin.query(
        text.replaceAll('?', () => `$${++at}`),
        values
      )
    ).rows
  })
}

export type MariaDbSubject = SqlSubject & { mariadb: MariaDb }

export async function mariaDbSubject(t: Test): Promise<MariaDbSubject> {
  const mariadb = await startMariaDb(t)
  const { admin } = mariadb
  await admin.query('CREATE DATABASE nextcloud CHARACTER SET utf8mb4 COLLATE utf8mb4_bin')
  await admin.query('USE nextcloud')
  for (const table of mysqlTables) await admin.query(table)
  await admin.query(`CREATE USER 'locksmith'@'%' IDENTIFIED BY 'p@ss/word'`)
  for (const grant of grants(`'locksmith'@'%'`, 'nextcloud.')) await admin.query(grant)
  const url = `mysql://locksmith:${encodeURIComponent('p@ss/word')}@127.0.0.1:${mariadb.port}/nextcloud`
  const subject = await subjectOf(t, url, async (text, values = []) => {
    const [rows] = await mariadb.admin.query(text, values)
    return Array.isArray(rows) ? rows : []
  })
  return { ...subject, mariadb }
}
