import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import type { Pool } from '../../src/db/pool.ts'
import type { Sandbox } from '../../src/sandbox/index.ts'
import { createRandom } from '../faults/harness/random.ts'
import { firstSeed, passes } from '../faults/harness/results.ts'
import {
  type Campaigning,
  kill,
  linkTo,
  people,
  press,
  spawnCampaigner,
  speedUp,
  startCampaigning,
  unlimited
} from '../support/campaigns.ts'
import { eventually, firstKey } from '../support/locksmith.ts'
import type { WorkerProcess } from '../support/spawn-worker.ts'
import { isBehind, type Moment, momentsOf, type Point, pointOf } from './moments.ts'

/** In CI a sample. The same kills again: `FAULT_SEED=<seed>`; of all of it `FAULT_PASSES=5 FAULT_SEED=<seed>`. */
const { count, kills, speed } =
  passes > 1 ? { count: 1_000, kills: 50, speed: 40_000 } : { count: 160, kills: 7, speed: 80_000 }
const campaigns = Math.ceil(passes / 10)

/** How many mails a process has begun at most when it dies. */
const begunAtOnce = 20

for (let n = 0; n < campaigns; n++) {
  const seed = firstSeed + n
  t.test(
    `seed ${seed}: ${kills} kills in a campaign of ${count}, and only who was silent is locked out, once, after an approval`,
    { timeout: 540_000 },
    async (t) => {
      const random = createRandom(seed)
      const here = await startCampaigning(t, {
        loop: false,
        worker: false,
        sandbox: { latencyMs: 20, settings: unlimited }
      })
      const { sandbox, world } = here
      const { pool } = world
      const ids = random.shuffled(people(sandbox, count))
      const confirming = ids.slice(0, count * 0.7)
      const bouncing = ids.slice(count * 0.7, count * 0.75)
      for (const id of bouncing) sandbox.treatMail(addressOf(id), 'reject')
      await speedUp(pool, speed)
      const path = await here.begin()

      const answering = answer(pool, sandbox, confirming)
      const killed = await play(t, here, momentsOf(random, kills))
      const confirmed = await answering.end()
      t.ok(killed >= kills, `${killed} processes were killed`)
      t.equal((await here.call('GET', path)).body.state, 'ended')

      const { rows: participants } = await pool.query<Person>(
        `SELECT user_id AS id, state, because,
                (SELECT count(*)::integer FROM operation o WHERE o.place = p.place) AS operations,
                (SELECT o.kind || ' ' || o.state FROM operation o WHERE o.id = p.operation_id) AS done,
                (SELECT coalesce(json_agg(json_build_object('id', m.id, 'number', m.number, 'state', m.state) ORDER BY m.begun_at), '[]')
                   FROM campaign_mail m WHERE m.place = p.place) AS mails
           FROM participant p ORDER BY place`
      )
      const unknown = judge(t, sandbox, participants, { confirmed, confirming, bouncing })
      t.ok(unknown <= killed * begunAtOnce, `${unknown} mails are unknown, of ${killed} kills`)
      t.same(await wrongCounts(pool), [], 'what is counted by the way is what there is')
      await judgeReport(t, here, path)
      await judgeNotices(t, here)
      t.comment(`${killed} kills, ${sandbox.mails().length} mails, ${unknown} unknown`)
    }
  )
}

const addressOf = (id: string) => `${id}@customer.example`

/** A third answers the first mail, others the reminders; with the link of whatever mail has arrived last. */
function answer(pool: Pool, sandbox: Sandbox, people: string[]) {
  const confirmed = new Set<string>()
  let isOver = false
  const answering = (async () => {
    while (!isOver) {
      const { rows } = await pool.query<{ place: string; number: number }>(
        `SELECT place, max(number) AS number FROM campaign_mail WHERE state IN ('accepted', 'unknown') GROUP BY 1`
      )
      const sent = new Map(rows.map(({ place, number }) => [place, number]))
      for (const [n, id] of people.entries()) {
        if (confirmed.has(id) || (sent.get(id) ?? -1) < n % 3) continue
        const link = linkTo(sandbox, id)
        if (link && (await press(link)) === 303) confirmed.add(id)
      }
      await sleep(50)
    }
  })()
  return {
    async end() {
      isOver = true
      await answering
      return confirmed
    }
  }
}

/** Processes work on the campaign, and are killed in these moments, until it has ended. @returns how many died */
async function play(t: Test, here: Campaigning, moments: Moment[]): Promise<number> {
  const { sandbox, world } = here
  const { pool } = world
  const mails = Math.round(sandbox.users().length * 2.2)
  const clock = slowDown(pool, () => pointOf(pool, mails))
  const crew: WorkerProcess[] = []
  let killed = 0
  let isDecided = false
  const hire = async (size: number) => {
    const missing = Array.from({ length: Math.max(0, size - crew.length) })
    crew.push(...(await Promise.all(missing.map(() => spawnCampaigner(t, here, brakes)))))
  }
  /** @param moment undefined: none is left */
  const reached = async (moment?: Moment) => {
    const until = performance.now() + 120_000
    for (; ; await sleep(10)) {
      const point = await pointOf(pool, mails)
      if (!point || (moment && isBehind(point, moment))) return
      if (point.phase === 'approving' && !isDecided && moment?.phase !== 'approving') {
        isDecided = true
        await decide(t, here)
      }
      if (performance.now() > until) throw new Error(`stuck in ${JSON.stringify(point)}`)
    }
  }
  for (const moment of moments) {
    await hire(moment.crew)
    await reached(moment)
    await sleep(moment.delayMs)
    const point = await pointOf(pool, mails)
    for (const each of crew.splice(0, moment.all ? crew.length : 1)) {
      await kill(each)
      killed++
    }
    t.comment(`${moment.phase} ${moment.at.toFixed(2)}: killed in ${JSON.stringify(point ?? 'the end')}`)
  }
  await hire(1)
  await reached()
  await clock
  // A few minutes until the owner is told.
  await speedUp(pool, 1_000)
  const untold = async () => (await pool.query('SELECT kind FROM campaign_notice WHERE sent_at IS NULL')).rows
  await eventually(untold, (rows) => rows.length === 0, 30)
  await Promise.all(crew.map(kill))
  return killed
}

/** The clock goes as ours once a second person is asked, who takes longer than 72 hours of the fast one. */
async function slowDown(pool: Pool, now: () => Promise<Point | undefined>): Promise<void> {
  for (let point = await now(); point && point.phase !== 'approving'; point = await now()) await sleep(20)
  await speedUp(pool, 1)
}

const brakes = { BRAKE_LOCK_OUTS: '25', BRAKE_PERCENT: '5' }

/** The list of those who were silent is approved, and what bounced is not done. */
async function decide(t: Test, { call, sandbox, approve }: Campaigning): Promise<void> {
  const { body } = await call('GET', '/approvals?state=pending')
  const lists: { id: string; brakes: string[]; gathering: boolean }[] = body.items
  t.same(
    lists.filter(({ gathering }) => gathering),
    [],
    'every list is whole'
  )
  t.same(
    sandbox.users().filter(({ enabled }) => !enabled),
    [],
    'nobody is locked out before'
  )
  t.same(sandbox.calls().filter(isLockOut), [])
  const ofSilent = lists.filter(({ brakes }) => brakes.includes('lock-out'))
  t.equal(ofSilent.length, 1, 'one approval for all who were silent')
  for (const { id } of lists) {
    if (ofSilent.some((list) => list.id === id)) continue
    const { status } = await call('POST', `/approvals/${id}/reject`, { body: {} })
    t.equal(status, 200)
  }
  for (const { id } of ofSilent) await approve(id)
}

const isLockOut = ({ method, path }: { method: string; path: string }) =>
  method !== 'GET' && path.includes('/disable')

type Person = {
  id: string
  state: string
  because: string | null
  operations: number
  done: string | null
  mails: { id: string; number: number; state: string }[]
}
type Known = { confirmed: Set<string>; confirming: string[]; bouncing: string[] }

/** What must have become of everybody, worked out from the mails that are known to have gone out. @returns unknown mails */
function judge(t: Test, sandbox: Sandbox, participants: Person[], known: Known): number {
  const arrived = new Map<string, number>()
  for (const { raw } of sandbox.mails()) {
    const id = /^X-Locksmith-Mail: (\S+)/im.exec(raw)?.[1]
    if (id) arrived.set(id, (arrived.get(id) ?? 0) + 1)
  }
  const wrong: unknown[] = []
  const bouncing = new Set(known.bouncing)
  let unknown = 0
  for (const person of participants) {
    const { id, mails } = person
    const told = (what: string) => wrong.push({ what, person })
    const accepted = mails.filter(({ state }) => state === 'accepted')
    const lost = mails.filter(({ state }) => state === 'unknown')
    unknown += lost.length
    const expected = known.confirmed.has(id)
      ? { state: 'confirmed', because: null, operations: 0, done: null }
      : mails.some(({ state }) => state === 'refused')
        ? { state: 'spared', because: 'bounced', operations: 1, done: 'disable cancelled' }
        : accepted.length > 0
          ? { state: 'acted', because: 'silent', operations: 1, done: 'disable succeeded' }
          : { state: 'spared', because: 'undelivered', operations: 1, done: 'disable cancelled' }
    for (const [key, value] of Object.entries(expected))
      if (person[key as keyof Person] !== value) told(`${key} is to be ${value}`)
    if (new Set(mails.map(({ number }) => number)).size < mails.length) told('one mail is there twice')
    if (mails.some((mail) => (arrived.get(mail.id) ?? 0) > 1)) told('one mail went out twice')
    if (accepted.some((mail) => !arrived.has(mail.id))) told('a mail is accepted, and did not arrive')
    if (bouncing.has(id) !== mails.some(({ state }) => state === 'refused') && lost.length < 3)
      told('bounces where it should not, or the other way round')
    // Who answers gets no more; whoever is refused, too; everybody else gets all three, or nobody knows.
    const isOver = known.confirmed.has(id) || bouncing.has(id)
    if (!isOver && mails.filter(({ state }) => state === 'accepted' || state === 'unknown').length !== 3)
      told('not three mails, known or unknown')
    const changes = sandbox.enabledHistory(id).filter(({ enabled }) => !enabled).length
    if (changes !== (expected.state === 'acted' ? 1 : 0)) told(`disabled ${changes} times`)
  }
  t.equal(participants.length, sandbox.users().length - 1, 'everybody is asked')
  t.same(wrong.slice(0, 5), [], `${wrong.length} things are wrong`)
  const reached = known.confirming.filter((id) => sandbox.mails({ to: addressOf(id) }).length > 0)
  t.same(
    reached.filter((id) => !known.confirmed.has(id)),
    [],
    'whoever got a mail could answer'
  )
  return unknown
}

async function wrongCounts(pool: Pool) {
  const { rows } = await pool.query(
    `SELECT campaign_id, round, state, coalesce(c.n, 0) AS counted, coalesce(p.n, 0) AS n
       FROM (SELECT campaign_id, round, state, sum(n)::integer AS n FROM participant_count
              GROUP BY 1, 2, 3 HAVING sum(n) <> 0) c
       FULL JOIN (SELECT campaign_id, round, state, count(*)::integer AS n FROM participant GROUP BY 1, 2, 3) p
            USING (campaign_id, round, state)
      WHERE c.n IS DISTINCT FROM p.n`
  )
  return rows
}

/** The files hash to what was written down when the round ended. */
async function judgeReport(t: Test, { call, url, world }: Campaigning, path: string): Promise<void> {
  const { rows } = await world.pool.query<{ manifest: Record<string, string> }>('SELECT manifest FROM round')
  t.equal(rows.length, 1)
  const now: Record<string, string> = {}
  for (const format of ['html', 'csv', 'json']) {
    const response = await fetch(`${url}${path}/report?format=${format}`, {
      headers: { authorization: `Bearer ${firstKey}` }
    })
    const name = /filename="(.+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1] ?? format
    now[name] = createHash('sha256')
      .update(Buffer.from(await response.arrayBuffer()))
      .digest('hex')
  }
  t.same(now, rows[0]!.manifest, 'the report is the one of the end')
  const { body } = await call('GET', `${path}/report?format=json`)
  t.equal(body.final, true)
}

/** Whoever answers for it was told of everything, once at least. */
async function judgeNotices(t: Test, { sandbox, world }: Campaigning): Promise<void> {
  const { rows } = await world.pool.query<{ kind: string; n: number }>(
    'SELECT kind, count(*)::integer AS n FROM campaign_notice GROUP BY 1'
  )
  const told = Object.fromEntries(rows.map(({ kind, n }) => [kind, n]))
  t.match(told, { closed: 1, ended: 1 })
  const text = sandbox
    .mails({ to: 'it@example.org' })
    .map((mail) => mail.text)
    .join('\n')
  t.match(text, /\/approvals\//, 'of the approval')
  t.match(text, /\/report\?round=1/, 'of the report')
}
