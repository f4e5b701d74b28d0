import t, { type Test } from 'tap'
import { listAudit } from '../../src/audit/audit.sql.ts'
import { plainSaid, recordBounce } from '../../src/campaigns/bounce.ts'
import { newLink } from '../../src/campaigns/links.ts'
import { createPool } from '../../src/db/pool.ts'
import { newMailId } from '../../src/mail/return-path.ts'
import { testMark } from '../support/audit-keys.ts'
import { dump } from '../support/canaries.ts'
import { testDatabase } from '../support/database.ts'

const id = '0190a0b0-0000-7000-8000-000000000001'

/** A campaign in its first round, in which Lea was asked twice and a contact got a digest. */
async function roundWith(t: Test, { state = 'asked', paused = false } = {}) {
  const pool = createPool(await testDatabase(t), 4, testMark)
  t.teardown(() => pool.end())
  const mails = [newMailId(), newMailId(), newMailId()] as const
  await pool.query(
    `INSERT INTO campaign (id, name, definition, state, round, requested_by, owner, vouchers, paused_from, paused_at)
     VALUES ($1, 'Spring', '{}', $2, 1, 'key:first', 'key:first', '{}', $3, CASE WHEN $3::text IS NULL THEN NULL ELSE now() END)`,
    [id, paused ? 'paused' : 'open', paused ? 'open' : null]
  )
  await pool.query('INSERT INTO round (campaign_id, number, opened_at) VALUES ($1, 1, now())', [id])
  await pool.query(
    `INSERT INTO participant (campaign_id, round, place, user_id, display_name, address, backend, state, next_mail, due_at, reached)
     VALUES ($1, 1, 'lea', 'Lea', 'Lea L', 'lea@example.org', 'Database', $2, 2, now(), true)`,
    [id, state]
  )
  await pool.query(
    `INSERT INTO campaign_mail (id, campaign_id, round, place, contact, number, address, state, link_hash)
     VALUES ($2, $1, 1, 'lea', NULL, 0, 'lea@example.org', 'accepted', '\\x01'),
            ($3, $1, 1, 'lea', NULL, 1, 'lea@example.org', 'accepted', '\\x02'),
            ($4, $1, 1, NULL, 0, 0, 'boss@example.org', 'accepted', '\\x03')`,
    [id, ...mails]
  )
  const one = async (sql: string, values: unknown[] = []) => (await pool.query(sql, values)).rows
  return {
    pool,
    mails,
    mail: async (mailId: string) => (await one('SELECT * FROM campaign_mail WHERE id = $1', [mailId]))[0],
    lea: async () => (await one(`SELECT * FROM participant WHERE place = 'lea'`))[0],
    audit: () => listAudit(pool, {}, { order: 'ASC', limit: 99 }),
    notices: () => one('SELECT * FROM campaign_notice ORDER BY id')
  }
}

const hard = { kind: 'hard', said: '5.1.1 550 5.1.1 User unknown' } as const
const soft = { kind: 'soft', said: '4.2.2 452 4.2.2 Mailbox full' } as const

t.test('a mail that came back for good ends the asking, and the links live on', async (t) => {
  const { pool, mails, mail, lea, audit, notices } = await roundWith(t)
  const [first, second] = mails
  t.equal(await recordBounce(pool, { mailId: second, ...hard }), 'recorded')
  t.match(await lea(), { state: 'bounced', bounce: 'hard', reached: false, next_mail: null, due_at: null })
  t.match(await mail(second), { bounce: 'hard', bounce_said: hard.said, bounced_at: Date, link_hash: Buffer })
  t.match(await mail(first), { bounce: null, link_hash: Buffer })
  t.match(await audit(), [
    {
      action: 'participant.bounced',
      actor: `campaign:${id}`,
      userId: 'Lea',
      campaignId: id,
      details: { round: 1, mail: second, bounce: 'hard', said: hard.said }
    }
  ])
  t.match(await notices(), [
    { kind: 'bounced', round: 1, details: { userId: 'Lea', address: 'lea@example.org', said: hard.said } }
  ])
})

t.test('the same bounce again changes nothing', async (t) => {
  const { pool, mails, mail, lea, audit, notices } = await roundWith(t)
  const bounce = { mailId: mails[0], ...hard }
  t.strictSame(
    (await Promise.all([bounce, bounce, bounce].map((each) => recordBounce(pool, each)))).toSorted(),
    ['known', 'known', 'recorded']
  )
  const before = [await lea(), await mail(mails[0])]
  t.equal(await recordBounce(pool, bounce), 'known')
  t.strictSame([await lea(), await mail(mails[0])], before)
  t.equal((await audit()).length, 1)
  t.equal((await notices()).length, 1)
})

t.test('one that came back for now goes on being asked, and counts as not reached', async (t) => {
  const { pool, mails, mail, lea, audit, notices } = await roundWith(t)
  t.equal(await recordBounce(pool, { mailId: mails[0], ...soft }), 'recorded')
  t.match(await lea(), { state: 'asked', bounce: 'soft', reached: false, next_mail: 2, due_at: Date })
  t.match(await audit(), [{ details: { bounce: 'soft' } }])
  t.equal((await notices()).length, 0)
  t.equal(await recordBounce(pool, { mailId: mails[0], ...hard }), 'recorded', 'it gets worse')
  t.match(await lea(), { state: 'bounced', bounce: 'hard' })
  t.equal(await recordBounce(pool, { mailId: mails[0], ...soft }), 'known', 'and never better')
  t.match(await mail(mails[0]), { bounce: 'hard', bounce_said: hard.said })
  t.equal(await recordBounce(pool, { mailId: mails[1], ...soft }), 'recorded', 'by another mail neither')
  t.match(await lea(), { state: 'bounced', bounce: 'hard', reached: false })
  t.equal((await notices()).length, 1)
})

t.test('whoever has answered stays where they are', async (t) => {
  const { pool, mails, lea, audit, notices } = await roundWith(t, { state: 'confirmed' })
  await recordBounce(pool, { mailId: mails[0], ...hard })
  t.match(await lea(), { state: 'confirmed', bounce: 'hard', reached: false })
  t.equal((await audit()).length, 1)
  t.equal((await notices()).length, 0)
})

t.test('while a campaign is paused bounces count', async (t) => {
  const { pool, mails, lea } = await roundWith(t, { paused: true })
  t.equal(await recordBounce(pool, { mailId: mails[0], ...hard }), 'recorded')
  t.match(await lea(), { state: 'bounced' })
})

t.test('after the round only the mail knows of it', async (t) => {
  for (const later of [
    `UPDATE campaign SET state = 'closing'`,
    `UPDATE campaign SET state = 'paused', paused_from = 'closing', paused_at = now()`,
    `UPDATE campaign SET round = 2`
  ]) {
    const { pool, mails, mail, lea, audit, notices } = await roundWith(t)
    await pool.query(later)
    t.equal(await recordBounce(pool, { mailId: mails[0], ...hard }), 'late', later)
    t.match(await mail(mails[0]), { bounce: 'hard', bounced_at: Date })
    t.match(await lea(), { state: 'asked', bounce: null, reached: true, next_mail: 2 })
    t.strictSame([...(await audit()), ...(await notices())], [])
  }
})

t.test('of a contact that cannot be reached the owner is told, and nobody is taken for gone', async (t) => {
  const { pool, mails, lea, audit, notices } = await roundWith(t)
  t.equal(await recordBounce(pool, { mailId: mails[2], ...hard }), 'recorded')
  t.match(await notices(), [{ kind: 'bounced', details: { address: 'boss@example.org', said: hard.said } }])
  t.match(await lea(), { state: 'asked', bounce: null, reached: true })
  t.equal((await audit()).length, 0)
})

t.test('a bounce of no mail of ours changes nothing', async (t) => {
  const { pool, lea } = await roundWith(t)
  t.equal(await recordBounce(pool, { mailId: newMailId(), ...hard }), 'unmatched')
  t.match(await lea(), { state: 'asked', bounce: null })
})

t.test('what a server says is kept as one plain line', async (t) => {
  const { pool, mails, mail } = await roundWith(t)
  const said = ` 5.1.1\r\n\t\u0000\u202e<b>${'x'.repeat(1_000)} `
  await recordBounce(pool, { mailId: mails[0], kind: 'hard', said })
  const { bounce_said: kept } = await mail(mails[0])
  t.equal(kept.length, 300)
  t.match(kept, /^5\.1\.1 <b>x+$/)
  t.equal(plainSaid(' \n '), '')
})

t.test('a link that a server quotes is in nothing that is kept', async (t) => {
  const { pool, mails, mail } = await roundWith(t)
  const token = newLink().token.reveal()
  const said = `5.7.1 554 Listed: https://access.example.org/confirm/${token} ${'x'.repeat(300)}`
  await recordBounce(pool, { mailId: mails[0], kind: 'hard', said })
  const { bounce_said: kept } = await mail(mails[0])
  t.match(kept, '5.7.1 554 Listed: https://access.example.org/confirm/[withheld] xxx')
  t.equal(kept.length, 300)
  t.notMatch(await dump(pool), token, 'nor in the audit, nor in what the owner is told')
})

t.test('what a hostile server says never keeps a bounce from being recorded', async (t) => {
  const { pool, mails, lea } = await roundWith(t)
  // Cut in the middle of a character it would be none that the database takes.
  const said = `${'x'.repeat(299)}\u{1f600}`
  t.equal(await recordBounce(pool, { mailId: mails[0], kind: 'hard', said }), 'recorded')
  t.match(await lea(), { state: 'bounced', bounce: 'hard' })
  t.equal(plainSaid(said), said)
})
