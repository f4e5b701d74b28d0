import { request } from 'node:http'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import t, { type Test } from 'tap'
import { reportRoutes } from '../../src/campaigns/report/report.routes.ts'
import type { Pool } from '../../src/db/pool.ts'
import { installAccess } from '../../src/http/access.ts'
import { accessOf } from '../../src/http/callers.ts'
import { createFastify } from '../../src/http/fastify.ts'
import type { Patience } from '../../src/http/patient-stream.ts'
import { installProblems, ProblemSchema } from '../../src/http/problem.ts'
import { createTurns } from '../../src/http/turns.ts'
import { eventually, firstKey, startLocksmith } from '../support/locksmith.ts'
import { insertRound } from '../support/report.ts'
import { rowsOf } from './rows.ts'

const many = 20_000

/** A round of so many, each with a mail. */
async function crowd(t: Test) {
  const { world, url } = await startLocksmith(t, { worker: false })
  const { pool } = world
  const id = await insertRound(pool)
  await pool.query(
    `INSERT INTO participant (campaign_id, round, place, user_id, display_name, address, backend, state, asked_at, answer, answered_at, answered_by)
     SELECT $1, 1, 'user' || n, 'User' || n, 'User ' || n, 'user' || n || '@acme.example', 'Database', 'confirmed', now(),
            'confirmed', timestamptz '2026-11-03Z' + n * interval '30 seconds', 'self' FROM generate_series(1, $2::integer) n`,
    [id, many]
  )
  await pool.query(
    `INSERT INTO campaign_mail (id, campaign_id, round, place, number, address, state, begun_at, ended_at)
     SELECT 'crowd' || n, $1, 1, 'user' || n, 0, 'user' || n || '@acme.example', 'accepted', timestamptz '2026-11-02Z', timestamptz '2026-11-02Z'
       FROM generate_series(1, $2::integer) n`,
    [id, many]
  )
  await pool.query('ANALYZE')
  return { world, pool, url, path: `/campaigns/${id}/report` }
}

/** Connections that are in use. */
const busy = ({ totalCount, idleCount }: Pool) => totalCount - idleCount

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

const authorization = `Bearer ${firstKey}`

/** Begins to read, and no more than that until told. */
const open = (url: string) =>
  new Promise<{ read(): Promise<string>; hangUp(): void }>((resolve, reject) => {
    const asked = request(url, { headers: { authorization } }, (response) => {
      response.pause()
      resolve({
        read: async () => {
          let text = ''
          for await (const chunk of response) text += chunk
          return text
        },
        hangUp: () => asked.destroy()
      })
    })
    asked.on('error', reject)
    asked.end()
  })

t.test('twenty thousand participants', async (t) => {
  const { world, pool, url, path } = await crowd(t)

  t.test('go through in pages: memory stays where it was, whatever the format', async (t) => {
    // What is in use, without what waits to be collected: the server's and this client's together.
    const inUse = () => {
      collect()
      return process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers
    }
    // What the first one leaves for all that follow (code, connections) is not of any one report.
    for (const format of ['csv', 'json', 'html'])
      await (await fetch(`${url}${path}?format=${format}`, { headers: { authorization } })).arrayBuffer()
    for (const format of ['csv', 'json', 'html']) {
      const before = inUse()
      const used: number[] = []
      const response = await fetch(`${url}${path}?format=${format}`, { headers: { authorization } })
      let bytes = 0
      let next = 0
      for await (const chunk of response.body!) {
        bytes += chunk.length
        if (bytes < next) continue
        used.push(inUse() - before)
        next += 1_500_000
      }
      t.ok(bytes > many * 300, `${format}: ${bytes} bytes`)
      // The collector may not have got round to all of it when it is asked: a single reading says little.
      const usual = used.toSorted((a, b) => a - b)[Math.floor(used.length / 2)]!
      t.comment(`${format}: ${bytes >> 10} KB, of which ${usual >> 10} KB at a time`)
      t.ok(usual < 5_000_000)
    }
  })

  t.test('the whole report is of one moment, however slowly it is read', async (t) => {
    const { read } = await open(`${url}${path}?format=csv`)
    await pool.query(`UPDATE participant SET state = 'vouched', answer = 'vouched'`)
    const rows = rowsOf((await read()).slice(1)).slice(1)
    t.equal(new Set(rows.map(([id]) => id)).size, many)
    t.equal(rows.filter((row) => row[5] === 'confirmed').length, many, 'as when it was asked for')
    await eventually(
      () => busy(pool),
      (n) => n === 0,
      2
    )
  })

  t.test(
    'a client that stops reading is not read ahead for; one that hangs up gives its connection back',
    async (t) => {
      const client = await open(`${url}${path}?format=html`)
      await new Promise((resolve) => setTimeout(resolve, 300))
      t.equal(busy(pool), 1, 'it waits for the client')
      client.hangUp()
      await eventually(
        () => busy(pool),
        (n) => n === 0,
        2
      )
    }
  )

  t.test('one that reads too slowly is left, so that it holds no snapshot for ever', async (t) => {
    for (const limits of [
      { pieceMs: 200, allMs: 60_000 },
      { pieceMs: 60_000, allMs: 200 }
    ]) {
      const url = await impatient(t, limits)
      const { read } = await open(`${url}${path}?format=html`)
      await eventually(
        () => busy(pool),
        (n) => n === 0,
        3
      )
      await t.rejects(read(), /aborted|ECONNRESET/, 'and is not told that this was all')
    }
  })

  t.test('two are read at a time, a third waits for its turn', async (t) => {
    const clients = await Promise.all([1, 2].map(() => open(`${url}${path}?format=html`)))
    const third = open(`${url}${path}?format=html`)
    await new Promise((resolve) => setTimeout(resolve, 200))
    t.equal(busy(pool), 2)
    for (const client of clients) client.hangUp()
    ;(await third).hangUp()
    await eventually(
      () => busy(pool),
      (n) => n === 0,
      2
    )
  })

  async function impatient(t: Test, limits: Patience): Promise<string> {
    const app = createFastify(world.log)
    app.addSchema(ProblemSchema)
    installProblems(app as never)
    installAccess(app as never, accessOf(world, firstKey))
    reportRoutes(app, world, limits)
    t.teardown(() => app.close())
    return app.listen({ port: 0, host: '127.0.0.1' })
  }
})

t.test('whose turn does not come is told to ask again later', async (t) => {
  const take = createTurns(1, 50)
  const end = await take()
  await t.rejects(take(), { code: 'rate-limited', headers: { 'retry-after': '30' } })
  end()
  end()
  const again = await take()
  const next = take()
  again()
  await t.resolves(next)
})
