import t, { type Test } from 'tap'
import type { Sandbox } from '../../src/sandbox/index.ts'
import { eventually } from '../support/locksmith.ts'
import { judgeAll, requestAll } from './harness/batch.ts'
import { createRandom } from './harness/random.ts'
import { conclude, firstSeed, passes } from './harness/results.ts'
import { allFinal, ask, hireCrew, setStage } from './harness/stage.ts'
import { furnish, planSubject, type Subject } from './harness/subject.ts'

const users = 40
const minutes = 10

const outages: Record<string, (sandbox: Sandbox) => void> = {
  'cannot be reached': (sandbox) => sandbox.addFault({ match: {}, do: 'refuse' }),
  'takes calls and never answers': (sandbox) => sandbox.addFault({ match: {}, do: 'hang-before' }),
  'is in maintenance': (sandbox) => sandbox.settings({ maintenance: true }),
  'has lost its database': (sandbox) => sandbox.settings({ databaseDown: true })
}

let calm: number | undefined

/** In CI every other one. */
const played = Object.entries(outages).filter((_, n) => passes > 1 || n % 2 === 0)

for (const [what, begin] of played) {
  t.test(`Nextcloud ${what} for ${minutes} minutes: all wait, few calls are made, all finish`, async (t) => {
    calm ??= (await play(t, what)).calls
    const { calls, probes } = await play(t, what, begin)
    t.ok(calls <= 2 * calm, `${calls} calls, and ${calm} without an outage`)
    // One that is never answered takes as long as a call may: 200 s of this clock.
    t.ok(probes >= 2 && probes < 60, `${probes} probes`)
  })
}

async function play(t: Test, what: string, begin?: (sandbox: Sandbox) => void) {
  const random = createRandom(firstSeed)
  const stage = await setStage(t, { version: 34, settings: { allowListed: true } })
  const { locksmith, sandbox } = stage
  const subjects = Array.from({ length: users }, (_, n): Subject => {
    const subject = planSubject(random, n, { play: 'reset', hit: { do: 'none' } })
    return { ...subject, mail: n % 4 === 0 ? 'nextcloud' : 'none' }
  })
  const credentials = subjects.map((subject) => furnish(sandbox, subject))
  const ids = await requestAll(locksmith, subjects)
  sandbox.forgetCalls()
  const crew = hireCrew(t, stage, 2)
  let probes = 0
  if (begin) {
    // In the middle of it.
    await eventually(
      () => sandbox.calls().filter(({ method }) => method === 'DELETE').length,
      (deletes) => deletes > 5
    )
    begin(sandbox)
    const until = sandbox.clock.now() + minutes * 60_000
    const open = () =>
      locksmith.world.pool.query('SELECT detail, next_probe_at FROM circuit WHERE open_since IS NOT NULL')
    await eventually(open, ({ rowCount }) => rowCount === 1)
    t.match((await locksmith.call('GET', '/users/user0')).status, /^50[23]$/, 'who asks is told at once')
    const waiting = await eventually(
      async () => Promise.all(ids.map((id) => ask(locksmith, id))),
      (all) => all.every(({ state }) => ['waiting', 'succeeded', 'needs-attention'].includes(state))
    )
    for (const { state, resumeAt, problem } of waiting.filter(({ state }) => state === 'waiting')) {
      t.ok(state && problem.code.match(/^nextcloud-|effect-unknown/), `says why it waits: ${problem.code}`)
      t.type(resumeAt, 'string', 'and until when')
    }
    await eventually(
      () => sandbox.clock.now(),
      (now) => now > until
    )
    probes = sandbox.calls().filter(({ path }) => path.includes('/cloud/capabilities')).length
    sandbox.clearFaults()
    sandbox.settings({ maintenance: false, databaseDown: false })
  }
  await allFinal(locksmith, ids)
  await crew.dismiss()
  const { calls } = sandbox.counters()
  const hit = { seed: firstSeed, subjects, credentials, ids, missed: new Set<string>(), alongside: [] }
  const runs = await judgeAll(t, stage, hit)
  conclude(
    t,
    'outage',
    runs.map((run) => ({ ...run, fault: begin ? `outage: ${what}` : 'none' }))
  )
  return { calls, probes }
}
