import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/db/embedded.ts'
import { migrate } from '../../src/db/migrate.ts'
import { judgeAll } from './harness/batch.ts'
import { createRandom } from './harness/random.ts'
import { conclude, firstSeed, passes } from './harness/results.ts'
import { allFinal, hireCrew, setStage } from './harness/stage.ts'
import { furnish, planSubject, type Subject } from './harness/subject.ts'

const users = 60
const crashes = passes > 1 ? 10 : 4

t.test(
  `PostgreSQL crashes ${crashes} times, every few seconds, under load: nothing is lost, nothing doubled`,
  { timeout: 300_000 },
  async (t) => {
    const random = createRandom(firstSeed)
    const database = await fragileDatabase(t)
    const stage = await setStage(t, { settings: { allowListed: true }, databaseUrl: database.url })
    const { locksmith, sandbox } = stage
    const subjects = Array.from({ length: users }, (_, n): Subject => {
      const subject = planSubject(random, n, { play: 'reset', hit: { do: 'none' } })
      return { ...subject, mail: n % 3 === 0 ? 'nextcloud' : 'smtp' }
    })
    const credentials = subjects.map((subject) => furnish(sandbox, subject))
    const crew = hireCrew(t, stage, 2)

    let over = false
    const crashing = (async () => {
      for (let n = 0; n < crashes; n++) {
        await sleep(1_500 + random.below(2_000))
        await database.crash(n % 2 === 0 ? 'SIGQUIT' : 'SIGKILL')
      }
      over = true
    })()
    // As a careful caller does: the same key until there is an answer.
    const ids: string[] = []
    for (const { id, mail } of subjects) {
      for (;;) {
        const reply = await locksmith
          .call('POST', `/users/${id}/reset`, { body: { mail }, headers: { 'idempotency-key': `of-${id}` } })
          .catch(() => undefined)
        if (reply?.status === 202) {
          ids.push(reply.body.id)
          break
        }
        t.match(reply?.status ?? 503, /^(503|409)$/, 'what cannot be answered says so')
        await sleep(100)
      }
      if (!over) await sleep(random.below(250))
    }
    await crashing
    await allFinal(locksmith, ids)
    t.equal(crew.deaths, 0, 'no process ended because its database did')
    await crew.dismiss()

    const { rows } = await locksmith.world.pool.query('SELECT count(*) AS n FROM operation')
    t.equal(rows[0].n, users, 'one operation for each key')
    const missed = new Set<string>()
    const played = { seed: firstSeed, subjects, credentials, ids, missed, alongside: [] }
    const runs = await judgeAll(t, stage, played)
    conclude(
      t,
      'database',
      runs.map((run) => ({ ...run, fault: 'PostgreSQL crashes and comes back' }))
    )
  }
)

/** A PostgreSQL of its own, which can be killed and comes back at the same address. */
async function fragileDatabase(t: Test) {
  const root = process.getuid?.() === 0 ? '/var/lib/locksmith-test' : t.testdir()
  const folder = join(root, `fragile-${process.pid}`)
  mkdirSync(folder, { recursive: true, mode: 0o711 })
  let server: EmbeddedPostgres = await startEmbeddedPostgres(folder)
  const url = await server.database('fragile')
  const port = Number(new URL(url).port)
  t.teardown(async () => {
    process.kill(server.pid, 'SIGINT')
    await sleep(1_000)
    rmSync(folder, { recursive: true, force: true })
  })
  await migrate(url)
  return {
    url,
    async crash(signal: 'SIGQUIT' | 'SIGKILL') {
      process.kill(server.pid, signal)
      await sleep(300)
      server = await startEmbeddedPostgres(folder, { port })
    }
  }
}
