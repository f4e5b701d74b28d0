import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { computeManifest } from '../../src/campaigns/report/manifest.ts'
import { keepResults } from '../../src/campaigns/report/report.sql.ts'
import { inTransaction } from '../../src/db/transaction.ts'
import { startLocksmith } from '../support/locksmith.ts'
import { insertMail, insertOperation, insertPerson } from '../support/report.ts'
import { tellRound } from './told.ts'

const formats = ['html', 'csv', 'json', 'sha256'] as const

const { world, url } = await startLocksmith(t, { worker: false })
const { pool } = world

/** A round that has ended, as the engine ends it. */
async function ended() {
  const id = await tellRound(pool)
  const headers = { authorization: 'Bearer test-key-with-every-scope' }
  const download = async (format: string) => {
    const response = await fetch(`${url}/campaigns/${id}/report?format=${format}`, { headers })
    const name = /filename="(.+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1] ?? ''
    return { name, bytes: Buffer.from(await response.arrayBuffer()) }
  }
  await insertPerson(pool, id, 'kurt', { state: 'asked' })
  await insertMail(pool, id, 'kurt', { state: 'begun', ended_at: null, response: null })
  const end = () =>
    inTransaction(pool, async (tx) => {
      while ((await keepResults(tx, id, 1, 2)) > 0);
      await tx.query('UPDATE round SET ended_at = $2 WHERE campaign_id = $1', [
        id,
        '2026-11-19T10:00:00.123456Z'
      ])
      return computeManifest(tx, id, 1)
    })
  return { id, download, end }
}

t.test('sha256sum -c passes over the files as they are downloaded', async (t) => {
  const { download, end } = await ended()
  const manifest = await end()
  const folder = t.testdir()
  for (const format of formats) {
    const { name, bytes } = await download(format)
    t.equal(name, `campaign-partner-access-autumn-2026-round-1.${format}`)
    writeFileSync(join(folder, name), bytes)
  }
  const name = 'campaign-partner-access-autumn-2026-round-1'
  const check = () =>
    execFileSync('sha256sum', ['-c', `${name}.sha256`], { cwd: folder, stdio: 'pipe' }).toString()
  t.equal(check(), `${name}.csv: OK\n${name}.html: OK\n${name}.json: OK\n`)
  t.strictSame(Object.keys(manifest).toSorted(), [`${name}.csv`, `${name}.html`, `${name}.json`])
  writeFileSync(join(folder, `${name}.csv`), 'other')
  t.throws(check, 'what was changed is seen')
})

t.test(
  'of a round that is over the bytes are the same, whatever happens to operations and mails',
  async (t) => {
    const { id, download, end } = await ended()
    const manifest = await end()
    const before = await Promise.all(formats.map(download))
    t.match(before[2]!.bytes.toString(), '"final":true,"asOf":"2026-11-19T10:00:00.123Z"')
    await pool.query(`DELETE FROM operation WHERE user_id = 'emil'`)
    await pool.query(`UPDATE operation SET state = 'succeeded', problem = NULL WHERE user_id = 'fred'`)
    await pool.query(`UPDATE operation_step SET outcome = '{"remaining": 3}'`)
    await pool.query(`UPDATE campaign SET state = 'scheduled', next_round_at = now()`)
    await pool.query(`UPDATE campaign_mail SET bounce = 'soft', bounced_at = now(), bounce_said = 'late'`)
    await pool.query(
      `UPDATE campaign_mail SET state = 'accepted', ended_at = now(), response = 'late' WHERE state = 'begun'`
    )
    t.strictSame(await Promise.all(formats.map(download)), before)
    t.strictSame(await computeManifest(pool, id, 1), manifest)
    const report = JSON.parse(before[2]!.bytes.toString())
    const kurt = report.participants.find(({ userId }: { userId: string }) => userId === 'kurt')
    t.equal(kurt.mails[0].state, 'unknown', 'what nobody knew at the end is unknown')
  }
)

t.test('the manifest is the one that was stored at the end, if one was', async (t) => {
  const { id, download, end } = await ended()
  await end()
  await pool.query('UPDATE round SET manifest = $2 WHERE campaign_id = $1', [
    id,
    { 'b.html': '22', 'a.csv': '11' }
  ])
  t.equal((await download('sha256')).bytes.toString(), '11  a.csv\n22  b.html\n')
})

t.test('there is no manifest of a round that goes on', async (t) => {
  const { id } = await ended()
  await t.rejects(computeManifest(pool, id, 1), /not over/)
  await t.rejects(computeManifest(pool, id, 2), /not over/)
})

t.test('an operation that was deleted before its result was written down is said to be gone', async (t) => {
  const { id, download, end } = await ended()
  const operation = await insertOperation(pool, 'lena')
  await insertPerson(pool, id, 'lena', { state: 'acted', because: 'silent', operation_id: operation })
  await pool.query('DELETE FROM operation WHERE id = $1', [operation])
  const gone = async () => {
    const [html, csv, json] = await Promise.all(
      ['html', 'csv', 'json'].map(async (format) => (await download(format)).bytes.toString())
    )
    t.match(html, `${operation}</code> is no longer kept`)
    t.match(csv, '"no longer kept"')
    t.match(JSON.parse(json!).participants.at(-1).action, {
      operationId: operation,
      kept: false,
      state: null
    })
  }
  await gone()
  await end()
  await gone()
})
