import t from 'tap'
import { eventually } from '../support/locksmith.ts'
import { limitsBroken } from './harness/batch.ts'
import { conclude, firstSeed, passes, type Run } from './harness/results.ts'
import { allFinal, hireCrew, setStage } from './harness/stage.ts'

const resets = passes > 1 ? 500 : 300
const byNextcloud = 30

t.test(
  `${resets} resets on 3 replicas never exceed what Nextcloud allows, and say when their turn comes`,
  { timeout: 300_000 },
  async (t) => {
    const stage = await setStage(t)
    const { locksmith, sandbox } = stage
    const users = Array.from({ length: resets }, (_, n) => `user${n}`)
    for (const id of users) sandbox.createUser({ id, email: `${id}@example.org` })
    const ids: string[] = []
    for (const [n, id] of users.entries()) {
      const body = { mail: n < byNextcloud ? 'nextcloud' : 'none' }
      ids.push((await locksmith.call('POST', `/users/${id}/reset`, { body })).body.id)
    }
    sandbox.forgetCalls()
    const crew = hireCrew(t, stage, 3)
    // The newest of those that wait: on a slow machine the very last one may come to its turn before it is looked at.
    const last = await eventually(
      async () => (await locksmith.call('GET', '/operations?state=waiting&limit=1')).body.items[0],
      (newest) => newest?.problem?.code === 'nextcloud-limit' && newest.estimate?.ahead > 100,
      120
    )
    t.ok(Date.parse(last.resumeAt) > sandbox.clock.now(), 'its turn comes at resumeAt')
    t.ok(Date.parse(last.estimate.finishedAt) >= Date.parse(last.resumeAt), 'and when it will be over')
    await allFinal(locksmith, ids, 240)
    await crew.dismiss()
    const counters = sandbox.counters()
    t.same(limitsBroken(sandbox), [])
    t.equal(counters.answered429, 0, 'Nextcloud never had to say no')
    const { rows } = await locksmith.world.pool.query(
      'SELECT state, count(*) AS n FROM operation GROUP BY state'
    )
    t.same(rows, [{ state: 'succeeded', n: resets }])
    t.same(counters.putsByAdmin, { [sandbox.admin.user]: resets }, 'each password was set once')
    const runs = users.map(
      (userId): Run => ({
        seed: firstSeed,
        userId,
        kind: 'reset',
        fault: `limits: ${resets} resets on 3 replicas`,
        broken: []
      })
    )
    conclude(t, 'limits', runs)
  }
)
