import t, { type Test } from 'tap'
import { NextcloudError } from '../../../src/nextcloud/errors.ts'
import { deleteOldUses, leaveLine } from '../../../src/nextcloud/limits.sql.ts'
import type { Grant, Limited, Limits } from '../../../src/nextcloud/limits.ts'
import { type Governed, governed, ordinary, spend } from '../../support/governed.ts'

const well = async () => {}
const tooMany = async () => {
  throw new NextcloudError('busy', 'Slow down (429).', { isLimit: true })
}
const allowListed = { allowListed: true, ratesLifted: false }

/** Leave for as many calls as there is now, up to `most`, each for another user unless told otherwise. */
async function grants(
  { pool }: Governed,
  limits: Limits,
  limited: Limited,
  most: number,
  { user, from = 0 }: { user?: string; from?: number } = {}
): Promise<Grant[]> {
  const granted: Grant[] = []
  for (let i = from; i < from + most; i++) {
    const turn = await limits.turn(limited, user ?? `user${i}`, `holder${i}`)
    if (!('grant' in turn)) {
      await leaveLine(pool, `holder${i}`)
      break
    }
    granted.push(turn.grant)
  }
  return granted
}

async function spendAll(limits: Limits, granted: Grant[]) {
  for (const grant of granted) await spend(limits, grant, well)
  return granted.length
}

const use = async (database: Governed, limits: Limits, limited: Limited, most: number, options = {}) =>
  spendAll(limits, await grants(database, limits, limited, most, options))

async function notBefore({ at }: Governed, limits: Limits, limited: Limited, holder: string, user = holder) {
  const turn = await limits.turn(limited, user, holder)
  return 'grant' in turn ? 'now' : Math.round(at(turn.notBefore))
}

t.test(
  '150 who ask three replicas at one moment get leave for 50 calls together, and a place each',
  async (t) => {
    const database = await governed(t)
    const replicas = [database.replica(), database.replica(), database.replica()]
    const turns = await Promise.all(
      Array.from({ length: 150 }, (_, i) => replicas[i % 3]!.turn('password', `user${i}`, `holder${i}`))
    )
    t.equal(turns.filter((turn) => 'grant' in turn).length, 50)
    const { rows } = await database.pool.query('SELECT count(*) AS places FROM limit_use WHERE NOT used')
    t.equal(rows[0].places, 100)
  }
)

t.test('once a window is over there is leave for all of it again, and not a second sooner', async (t) => {
  const database = await governed(t)
  const limits = database.replica()
  t.equal(await use(database, limits, 'password', 60), 50)
  await database.setClock(601)
  t.equal((await grants(database, limits, 'password', 60, { from: 100 })).length, 0)
  await database.setClock(603)
  t.equal(await use(database, limits, 'password', 60, { from: 50 }), 50)
})

t.test(
  'who is told when its turn comes can go then, in the order of asking, though newer ones ask',
  async (t) => {
    const database = await governed(t)
    const limits = database.replica()
    for (let i = 0; i < 50; i++) {
      await database.setClock(i)
      await use(database, limits, 'password', 1, { from: i })
    }
    for (let i = 0; i < 60; i++)
      t.equal(await notBefore(database, limits, 'password', `late${i}`), 602 + i + (i < 50 ? 0 : 552))
    await database.setClock(602)
    t.type(await notBefore(database, limits, 'password', 'newer'), 'number', 'not before those who wait')
    t.equal(await notBefore(database, limits, 'password', 'late0'), 'now')
    t.equal(await notBefore(database, limits, 'password', 'late1'), 603, 'and its time stands')
  }
)

t.test('who comes too early for its time to have come keeps its place before the others', async (t) => {
  const database = await governed(t)
  const limits = database.replica()
  for (let i = 0; i < 50; i++) await use(database, limits, 'password', 1, { from: i })
  const first = await notBefore(database, limits, 'password', 'first')
  await notBefore(database, limits, 'password', 'second')
  await database.setClock(590)
  // A 429 of somebody else's call moves everything.
  await database.pool.query(`UPDATE limit_state SET closed_until = locksmith_now() + interval '40 seconds'`)
  await database.setClock(first as number)
  t.equal(await notBefore(database, limits, 'password', 'first'), 630)
  t.equal(await notBefore(database, limits, 'password', 'second'), 630)
  const places = await database.pool.query('SELECT holder FROM limit_use WHERE NOT used ORDER BY id')
  t.same(
    places.rows.map(({ holder }) => holder),
    ['first', 'second']
  )
})

t.test('whoever does not come when its turn has come loses it after a minute', async (t) => {
  const database = await governed(t)
  const limits = database.replica()
  await use(database, limits, 'mail', 10)
  t.equal(await notBefore(database, limits, 'mail', 'dead'), 1_802)
  await database.setClock(1_802 + 61)
  t.equal(await use(database, limits, 'mail', 20, { from: 50 }), 10)
})

t.test('several admins share the load, each with a budget of its own', async (t) => {
  const database = await governed(t)
  const limits = database.replica(ordinary, ['admin', 'second'])
  const granted = await grants(database, limits, 'password', 120)
  const names = Object.groupBy(granted, ({ account }) => account!)
  t.equal(names.admin?.length, 50)
  t.equal(names.second?.length, 50)
})

t.test('a place in line is given up for all admins once one of them makes the call', async (t) => {
  const database = await governed(t)
  const limits = database.replica(ordinary, ['admin'])
  await use(database, limits, 'password', 50)
  t.equal(await notBefore(database, limits, 'password', 'late'), 602)
  const more = database.replica(ordinary, ['admin', 'second'])
  t.equal(await notBefore(database, more, 'password', 'late'), 'now', 'by the second')
  t.equal(await notBefore(database, limits, 'password', 'later'), 602, 'no ghost stands before it')
  const { rows } = await database.pool.query('SELECT holder FROM limit_use WHERE NOT used')
  t.same(rows, [{ holder: 'later' }])
})

t.test('leave that is too old is void: nothing is sent', async (t) => {
  const database = await governed(t)
  const limits = database.replica()
  const [grant] = await grants(database, limits, 'password', 1)
  await database.setClock(121)
  let sent = false
  await t.rejects(
    spend(limits, grant!, async () => {
      sent = true
    }),
    { message: /turn to call Nextcloud has passed/ }
  )
  t.notOk(sent)
  t.equal(await use(database, limits, 'password', 60), 50, 'and it counts no longer')
})

t.test('what was not sent is given back; what was lost counts as if it came as late as it can', async (t) => {
  const database = await governed(t)
  const limits = database.replica()
  const granted = await grants(database, limits, 'password', 50)
  const failing = (variant: 'down' | 'effect-unknown', notSent: boolean) => async () => {
    throw new NextcloudError(variant, 'x', { notSent })
  }
  for (const grant of granted.slice(0, 20)) await t.rejects(spend(limits, grant, failing('down', true)))
  for (const grant of granted.slice(20))
    await t.rejects(spend(limits, grant, failing('effect-unknown', false)))
  t.equal(await use(database, limits, 'password', 60, { from: 100 }), 20)
  await database.setClock(603)
  t.equal(await use(database, limits, 'password', 60, { from: 200 }), 20, 'those that surely came are over')
  await database.setClock(723)
  t.equal(await use(database, limits, 'password', 60, { from: 300 }), 30)
})

t.test(
  'a 429 halves the budget after a pause, and each quiet window doubles it again up to the whole',
  async (t) => {
    const database = await governed(t)
    const limits = database.replica()
    const [grant] = await grants(database, limits, 'password', 1)
    await t.rejects(spend(limits, grant!, tooMany))
    t.equal(await notBefore(database, limits, 'password', 'other'), 120, 'a pause')
    let from = 100
    let at = 0
    for (const whole of [25, 50, 50]) {
      await database.setClock((at += 603))
      if (whole === 25)
        await t.rejects(
          spend(limits, (await grants(database, limits, 'password', 1, { from: from++ }))[0]!, tooMany)
        )
      await database.setClock((at += 599))
      t.equal(await use(database, limits, 'password', 60, { from: (from += 100) }), whole === 25 ? 24 : whole)
    }
  }
)

t.test('each 429 halves once more, down to one call in a window and no further', async (t) => {
  const database = await governed(t)
  const limits = database.replica()
  let at = 0
  for (let i = 0; i < 9; i++) {
    const [grant] = await grants(database, limits, 'mail', 1, { from: i })
    await t.rejects(spend(limits, grant!, tooMany))
    await database.setClock((at += 1_800 - 1))
    await database.setClock((at += 6))
    await database.pool.query(
      `UPDATE limit_state SET halved_at = locksmith_now() - interval '1000 seconds', closed_until = NULL`
    )
  }
  await database.setClock(at + 3)
  t.equal(await use(database, limits, 'mail', 10, { from: 500 }), 1)
})

t.test('several 429s to calls that were under way together halve once', async (t) => {
  const database = await governed(t)
  const limits = database.replica()
  const share = async () => (await database.pool.query('SELECT share FROM limit_state')).rows[0].share
  const granted = await grants(database, limits, 'password', 8)
  await Promise.all(granted.slice(0, 4).map((grant) => t.rejects(spend(limits, grant, tooMany))))
  t.equal(await share(), 0.5)
  for (const [at, expected] of [
    [10, 0.5],
    [29, 0.5],
    [31, 0.25]
  ] as const) {
    await database.setClock(at)
    await t.rejects(spend(limits, granted.pop()!, tooMany))
    t.equal(await share(), expected, `${at} s later`)
  }
})

t.test(
  'on the list of allowed addresses mails go faster; off it again, those made meanwhile count',
  async (t) => {
    const database = await governed(t)
    const listed = database.replica(allowListed)
    t.equal(await use(database, listed, 'mail', 20), 10)
    await database.setClock(303)
    t.equal(await use(database, listed, 'mail', 20, { from: 100 }), 10)
    await database.setClock(606)
    const delisted = database.replica()
    t.equal(await notBefore(database, delisted, 'mail', 'late'), 303 + 1_802)
    t.equal(await notBefore(database, listed, 'mail', 'soon'), 'now', 'while the list would let it')
  }
)

t.test('`apply_allowlist_to_ratelimit` lifts the limit on PUTs, and only there', async (t) => {
  const database = await governed(t)
  const lifted = database.replica({ allowListed: true, ratesLifted: true })
  t.equal((await grants(database, lifted, 'password', 120)).length, 120)
  t.equal((await grants(database, lifted, 'mail', 20, { from: 200 })).length, 10)
  t.equal(
    (await grants(database, database.replica(allowListed), 'password', 20, { from: 300 })).length,
    0,
    'they count'
  )
})

t.test('a user gets no more than 5 mails in half an hour, however the id is written', async (t) => {
  const database = await governed(t)
  const limits = database.replica(allowListed)
  t.equal(await use(database, limits, 'mail', 3, { user: 'Anna' }), 3)
  t.equal(await use(database, limits, 'mail', 5, { user: 'anna', from: 10 }), 2)
  const turn = await limits.turn('mail', 'ANNA', 'x')
  t.match('because' in turn && turn.because, /"ANNA" no more than 5/)
  t.equal(await notBefore(database, limits, 'mail', 'other'), 'now', 'others are not kept waiting')
})

t.test('whoever is over leaves the line, and those behind move up', async (t) => {
  const database = await governed(t)
  const limits = database.replica()
  await use(database, limits, 'mail', 5)
  await database.setClock(100)
  await use(database, limits, 'mail', 5, { from: 5 })
  for (let i = 0; i < 5; i++) t.equal(await notBefore(database, limits, 'mail', `gone${i}`), 1_802)
  t.equal(await notBefore(database, limits, 'mail', 'late'), 1_902)
  await leaveLine(database.pool, 'gone3')
  t.equal(await notBefore(database, limits, 'mail', 'late'), 1_802)
})

t.test('the clean-up takes only what counts for nobody any more', async (t) => {
  const database = await governed(t)
  const limits = database.replica()
  await use(database, limits, 'mail', 3)
  await database.setClock(86_390)
  await use(database, limits, 'mail', 2, { from: 10 })
  await database.setClock(86_410)
  await deleteOldUses(database.pool)
  const { rows } = await database.pool.query('SELECT DISTINCT budget FROM limit_state ORDER BY 1')
  t.same(
    rows.map(({ budget }) => budget),
    ['reset-mail', 'reset-mail:user10', 'reset-mail:user11']
  )
  t.equal(await use(database, limits, 'mail', 20, { from: 20 }), 8)
})

t.test('a budget that is just being cleaned up can be used', async (t) => {
  const database = await governed(t)
  const limits = database.replica()
  await database.pool.query(`INSERT INTO limit_state (budget) VALUES ('password:admin')`)
  const cleaning = await database.pool.connect()
  await cleaning.query('BEGIN')
  await deleteOldUses(cleaning)
  const turn = limits.turn('password', 'anna', 'x')
  await waitsForLock(t, database)
  await cleaning.query('COMMIT')
  cleaning.release()
  t.ok('grant' in (await turn))
})

async function waitsForLock(t: Test, { pool }: Governed) {
  for (let i = 0; i < 500; i++) {
    const { rows } = await pool.query(
      `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`
    )
    if (rows.length > 0) return
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  t.fail('nobody waits')
}

t.test('what came of a call is told, also where counting it fails', async (t) => {
  const database = await governed(t)
  const limits = database.replica()
  const [grant, other] = await grants(database, limits, 'mail', 2)
  const breakTable = () => database.pool.query('ALTER TABLE limit_use RENAME COLUMN at TO gone')
  t.equal(await spend(limits, grant!, async () => breakTable().then(() => 'sent')), 'sent')
  await database.pool.query('ALTER TABLE limit_use RENAME COLUMN gone TO at')
  await t.rejects(
    spend(limits, other!, () => breakTable().then(tooMany)),
    { message: /429/ }
  )
})
