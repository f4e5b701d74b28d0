import t, { type Test } from 'tap'
import { listAudit } from '../../src/audit/audit.sql.ts'
import { recordAnswer } from '../../src/campaigns/answer.ts'
import { campaignStates } from '../../src/campaigns/campaign.ts'
import { closeLinks, closeParticipants } from '../../src/campaigns/close.sql.ts'
import { findLink } from '../../src/campaigns/links.sql.ts'
import { hashOfLink, newLink } from '../../src/campaigns/links.ts'
import {
  answers,
  type ParticipantState,
  participantStates,
  participantTransitions
} from '../../src/campaigns/participant.ts'
import { createPool, type Pool } from '../../src/db/pool.ts'
import { inTransaction } from '../../src/db/transaction.ts'
import { testMark } from '../support/audit-keys.ts'
import { dump } from '../support/canaries.ts'
import { testDatabase } from '../support/database.ts'
import { type Planted, plantCampaign, plantLink, plantPeople, stateOf } from '../support/planted-campaign.ts'

async function database(t: Test): Promise<Pool> {
  const pool = createPool(await testDatabase(t), 20, testMark)
  t.teardown(() => pool.end())
  return pool
}

const answerOf = (pool: Pool, seat: Planted & { place: string }, given: Parameters<typeof recordAnswer>[2]) =>
  inTransaction(pool, (tx) => recordAnswer(tx, seat, given))

const personOf = async (pool: Pool, { campaignId }: Planted, place: string) =>
  (await pool.query('SELECT * FROM participant WHERE campaign_id = $1 AND place = $2', [campaignId, place]))
    .rows[0]

const countsOf = async (pool: Pool, { campaignId }: Planted) => {
  const { rows } = await pool.query(
    `SELECT state, sum(n)::integer AS n FROM participant_count
      WHERE campaign_id = $1 GROUP BY state HAVING sum(n) <> 0 ORDER BY state`,
    [campaignId]
  )
  return Object.fromEntries(rows.map(({ state, n }) => [state, n]))
}

t.test(
  'each answer counts in the states that the table names, and changes nothing in any other',
  async (t) => {
    const pool = await database(t)
    const campaign = await plantCampaign(pool)
    const all = participantStates.flatMap((state) => answers.map((answer) => ({ state, answer })))
    await plantPeople(
      pool,
      campaign,
      all.map(({ state, answer }) => ({ userId: `${state}-${answer}`, state }))
    )
    for (const { state, answer } of all) {
      const place = `${state}-${answer}`
      const before = await personOf(pool, campaign, place)
      const came = await answerOf(pool, { ...campaign, place }, { answer, by: 'key:desk', reason: 'asked' })
      const after = await personOf(pool, campaign, place)
      if (!participantTransitions[state][answer]) {
        t.equal(came, 'too-late', place)
        t.strictSame(after, before, place)
        continue
      }
      t.equal(came, 'recorded', place)
      t.match(after, {
        state: answer,
        answer,
        answered_at: Date,
        answered_by: 'key:desk',
        answer_reason: 'asked',
        next_mail: null,
        due_at: null
      })
      t.equal(after.ended_at !== null, answer !== 'left', `${place}: what follows from leaving is to come`)
    }
  }
)

t.test('who answered is told in the row, the audit and the notice', async (t) => {
  const pool = await database(t)
  const campaign = await plantCampaign(pool)
  await plantPeople(pool, campaign, [
    { userId: 'Alice', displayName: 'Alice Archer' },
    { userId: 'bert', displayName: 'Bert Brandt' }
  ])
  const by = { answer: 'left', by: 'user:Alice', requestId: 'r-1' } as const
  t.equal(await answerOf(pool, { ...campaign, place: 'alice' }, by), 'recorded')
  const vouched = { answer: 'vouched', by: 'contact:boss@acme.example', reason: 'on leave' } as const
  t.equal(await answerOf(pool, { ...campaign, place: 'bert' }, vouched), 'recorded')

  t.equal((await personOf(pool, campaign, 'alice')).answered_by, 'self')
  t.equal((await personOf(pool, campaign, 'bert')).answered_by, 'contact:boss@acme.example')
  const events = await listAudit(pool, {}, { order: 'ASC', limit: 9 })
  const about = { action: 'participant.answered', campaignId: campaign.campaignId }
  t.match(events, [
    {
      ...about,
      actor: 'user:Alice',
      userId: 'Alice',
      requestId: 'r-1',
      details: { round: 1, answer: 'left' }
    },
    {
      ...about,
      actor: 'contact:boss@acme.example',
      userId: 'bert',
      requestId: null,
      details: { round: 1, answer: 'vouched', reason: 'on leave' }
    }
  ])
  t.equal(events.length, 2)
  const { rows: notices } = await pool.query('SELECT kind, details FROM campaign_notice')
  t.strictSame(notices, [
    { kind: 'left', details: { userId: 'Alice', displayName: 'Alice Archer', by: 'self' } }
  ])
})

t.test('of a link the database has the SHA-256 alone', async (t) => {
  const pool = await database(t)
  const { token, hash } = newLink()
  t.equal(Buffer.from(token.reveal(), 'base64url').length, 32)
  t.strictSame(hash, hashOfLink(token.reveal()))
  t.notMatch(`${token}${JSON.stringify({ token })}`, token.reveal(), 'no text shows it')
  const campaign = await plantCampaign(pool)
  await plantPeople(pool, campaign, [{ userId: 'alice' }])
  const link = await plantLink(pool, campaign, { userId: 'alice' })
  t.strictSame(await findLink(pool, hashOfLink(link)), { ...campaign, place: 'alice', contact: null })
  t.notMatch(await dump(pool), link)
})

t.test('50 parallel uses of one link record one answer, and kill all links of the person', async (t) => {
  const pool = await database(t)
  const campaign = await plantCampaign(pool)
  await plantPeople(pool, campaign, [{ userId: 'alice' }, { userId: 'bert' }])
  const links = [0, 1].map((number) => plantLink(pool, campaign, { userId: 'alice' }, number))
  const [first, second] = (await Promise.all(links)) as [string, string]
  const other = await plantLink(pool, campaign, { userId: 'bert' })
  const came = await Promise.all(
    Array.from({ length: 50 }, async (_, n) => {
      const link = await findLink(pool, hashOfLink(first))
      if (!link || link.place === null) return 'dead'
      return answerOf(pool, link, { answer: n % 2 ? 'confirmed' : 'left', by: 'user:alice' })
    })
  )
  t.equal(came.filter((each) => each === 'recorded').length, 1)
  t.equal((await pool.query('SELECT FROM audit_event')).rowCount, 1)
  const { state } = await personOf(pool, campaign, 'alice')
  t.strictSame(await countsOf(pool, campaign), { asked: 1, [state]: 1 })
  for (const dead of [first, second]) t.equal(await findLink(pool, hashOfLink(dead)), undefined)
  t.ok(await findLink(pool, hashOfLink(other)), "the others' go on")
})

t.test(
  'answers count while a round is open or held from there, and in no other state or round',
  async (t) => {
    const pool = await database(t)
    const cases = [
      ...campaignStates.filter((state) => state !== 'paused').map((state) => ({ state })),
      ...(['open', 'scheduled', 'closing'] as const).map((pausedFrom) => ({
        state: 'paused' as const,
        pausedFrom
      }))
    ]
    // The table has a rule about when it ended; states that are final are set as it wants them.
    await pool.query('ALTER TABLE campaign DROP CONSTRAINT campaign_check2')
    for (const each of cases) {
      const counts = each.state === 'open' || ('pausedFrom' in each && each.pausedFrom === 'open')
      const campaign = await plantCampaign(pool, each)
      await plantPeople(pool, campaign, [{ userId: 'alice' }])
      const link = await plantLink(pool, campaign, { userId: 'alice' })
      t.equal((await findLink(pool, hashOfLink(link))) !== undefined, counts, `link: ${JSON.stringify(each)}`)
      const given = { answer: 'confirmed', by: 'user:alice' } as const
      const before = await stateOf(pool)
      t.equal(await answerOf(pool, { ...campaign, round: 2, place: 'alice' }, given), 'too-late')
      t.equal(await answerOf(pool, { ...campaign, place: 'nobody' }, given), 'too-late')
      t.equal(await stateOf(pool), before)
      const came = await answerOf(pool, { ...campaign, place: 'alice' }, given)
      t.equal(came, counts ? 'recorded' : 'too-late', JSON.stringify(each))
    }
    const next = await plantCampaign(pool)
    await plantPeople(pool, next, [{ userId: 'alice' }])
    const old = await plantLink(pool, next, { userId: 'alice' })
    await pool.query('UPDATE campaign SET round = 2 WHERE id = $1', [next.campaignId])
    t.equal(await findLink(pool, hashOfLink(old)), undefined, 'a link of an earlier round is dead')
  }
)

t.test(
  'an answer that comes while the round is being closed is too late, and one before it counts',
  async (t) => {
    const pool = await database(t)
    const campaign = await plantCampaign(pool)
    const { campaignId } = campaign
    await plantPeople(pool, campaign, [{ userId: 'alice' }, { userId: 'bert' }])
    const given = { answer: 'confirmed', by: 'user:x' } as const
    let late: Promise<string> | undefined
    let closed: Promise<void> | undefined
    await inTransaction(pool, async (tx) => {
      t.equal(await recordAnswer(tx, { ...campaign, place: 'alice' }, given), 'recorded')
      closed = inTransaction(pool, async (closing) => {
        await closing.query('SELECT FROM campaign WHERE id = $1 FOR UPDATE', [campaignId])
        late = answerOf(pool, { ...campaign, place: 'bert' }, given)
        await new Promise((resolve) => setTimeout(resolve, 200))
        await closeParticipants(closing, campaignId, 1)
        await closeLinks(closing, campaignId, 1)
        await closing.query(`UPDATE campaign SET state = 'closing' WHERE id = $1`, [campaignId])
      })
      await new Promise((resolve) => setTimeout(resolve, 200))
    })
    await closed
    t.equal(await late, 'too-late')
    t.strictSame(await countsOf(pool, campaign), { confirmed: 1, silent: 1 })
  }
)

t.test('answers, mails and pauses that meet never wait for each other in a circle', async (t) => {
  const pool = await database(t)
  const campaign = await plantCampaign(pool)
  const { campaignId } = campaign
  const ids = Array.from({ length: 25 }, (_, n) => `user${n}`)
  const states: ParticipantState[] = ['asked', 'bounced', 'waiting']
  await plantPeople(
    pool,
    campaign,
    ids.map((userId, n) => ({ userId, state: states[n % 3]! }))
  )
  await Promise.all(ids.map((userId) => plantLink(pool, campaign, { userId })))
  /** As a mail is written down that was handed over. */
  const mailed = (place: string) =>
    inTransaction(pool, async (tx) => {
      const seat = [campaignId, place]
      await tx.query('SELECT FROM campaign WHERE id = $1 FOR SHARE', [campaignId])
      await tx.query('SELECT FROM participant WHERE campaign_id = $1 AND place = $2 FOR UPDATE', seat)
      await tx.query(`UPDATE campaign_mail SET link_hash = NULL WHERE campaign_id = $1 AND place = $2`, seat)
      await tx.query(
        `UPDATE participant SET state = 'asked' WHERE campaign_id = $1 AND place = $2 AND state = 'waiting'`,
        seat
      )
    })
  const pause = async () => {
    await pool.query(
      `UPDATE campaign SET state = 'paused', paused_from = 'open', paused_at = now() WHERE id = $1 AND state = 'open'`,
      [campaignId]
    )
    await pool.query(
      `UPDATE campaign SET state = 'open', paused_from = NULL, paused_at = NULL WHERE id = $1`,
      [campaignId]
    )
  }
  const work = ids.flatMap((place, n) => [
    mailed(place),
    ...answers.map((answer) => answerOf(pool, { ...campaign, place }, { answer, by: 'key:desk' })),
    ...(n % 5 === 0 ? [pause()] : [])
  ])
  await Promise.all(work)
  const { confirmed = 0, vouched = 0, excluded = 0, left = 0, ...rest } = await countsOf(pool, campaign)
  t.strictSame(rest, {}, 'nobody is without an answer')
  t.equal(confirmed + vouched + excluded + left, ids.length)
  t.equal((await pool.query('SELECT FROM audit_event')).rowCount, ids.length, 'nor has two')
})
