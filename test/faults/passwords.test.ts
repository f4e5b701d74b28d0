import t, { type Test } from 'tap'
import { eventually } from '../support/locksmith.ts'
import { judgeAll, requestAll } from './harness/batch.ts'
import { createRandom } from './harness/random.ts'
import { conclude, firstSeed } from './harness/results.ts'
import { allFinal, ask, hireCrew, type Stage, setStage } from './harness/stage.ts'
import { furnish, planSubject, type Subject } from './harness/subject.ts'

const users = 30

async function begin(t: Test) {
  const random = createRandom(firstSeed)
  const stage = await setStage(t, { settings: { allowListed: true } })
  const subjects = Array.from({ length: users }, (_, n): Subject => {
    const subject = planSubject(random, n, { play: 'reset', hit: { do: 'none' } })
    return { ...subject, mail: 'none' }
  })
  const credentials = subjects.map((subject) => furnish(stage.sandbox, subject))
  const ids = await requestAll(stage.locksmith, subjects)
  return { stage, subjects, credentials, ids, crew: hireCrew(t, stage, 3) }
}

const busy = ({ sandbox }: Stage) =>
  eventually(
    () => sandbox.calls().filter(({ method }) => method === 'DELETE').length,
    (deletes) => deletes > 3
  )

t.test(
  "the admin's password changes while three replicas work: two failures at most, and all finish once it is right",
  { timeout: 200_000 },
  async (t) => {
    const { stage, subjects, credentials, ids, crew } = await begin(t)
    const { locksmith, sandbox } = stage
    await busy(stage)
    sandbox.updateUser('admin', { password: 'Changed-By-Hand-4711' })
    await eventually(
      async () => Promise.all(ids.map((id) => ask(locksmith, id))),
      (all) => all.every(({ state }) => state === 'waiting' || state === 'succeeded'),
      30
    )
    const failed = sandbox.counters().maxFailedLoginsPer30min
    t.ok(failed >= 1 && failed <= 2, `${failed} failed log-ins`)

    sandbox.updateUser('admin', { password: sandbox.admin.password })
    await locksmith.world.pool.query('DELETE FROM refused_credential') // locksmith host credentials retry
    await allFinal(locksmith, ids)
    await crew.dismiss()
    t.ok(sandbox.counters().maxFailedLoginsPer30min <= 2, 'and no more since')
    const missed = new Set<string>()
    const played = { seed: firstSeed, subjects, credentials, ids, missed, alongside: [] }
    const runs = (await judgeAll(t, stage, played)).map((run) => ({
      ...run,
      fault: "the admin's password changes"
    }))
    conclude(t, 'passwords', runs)
  }
)

t.test(
  'Nextcloud refuses every password that was just set: two log-ins at most, and who was locked out needs attention',
  { timeout: 200_000 },
  async (t) => {
    const { stage, ids, crew } = await begin(t)
    const { locksmith, sandbox } = stage
    // A replica of its database that lags behind: what was set is not there yet.
    const lag = setInterval(() => {
      for (let n = 0; n < users; n++)
        if (sandbox.tokens(`user${n}`).length > 0)
          sandbox.updateUser(`user${n}`, { password: 'Of-Another-4711' })
    }, 1)
    const refused = await eventually(
      async () => Promise.all(ids.map((id) => ask(locksmith, id))),
      (all) =>
        all.some(({ problem }) => problem?.code === 'login-refused') &&
        all.every(({ state }) => state !== 'queued' && state !== 'running'),
      60
    )
    clearInterval(lag)
    for (const { problem } of refused.filter(({ state }) => state === 'needs-attention'))
      t.equal(problem.code, 'login-refused')
    t.ok(
      sandbox.counters().maxFailedLoginsPer30min <= 2,
      `${sandbox.counters().maxFailedLoginsPer30min} failed log-ins`
    )
    await crew.dismiss()
  }
)
