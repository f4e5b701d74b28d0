import t, { type Test } from 'tap'
import { stepsOf } from '../../src/operations/kinds.ts'
import { isFinal, kinds } from '../../src/operations/operation.ts'
import { startSandbox } from '../../src/sandbox/index.ts'
import { type Checkpoint, checkpoints } from '../../src/world.ts'
import { eventually, startLocksmith } from '../support/locksmith.ts'
import { spawnWorker } from '../support/spawn-worker.ts'

// Made from the step lists: a new step is covered without anyone remembering.
for (const kind of kinds) {
  for (const { name: step, repeat } of stepsOf(kind)) {
    for (const point of checkpoints) {
      if (point === 'begun' && 'safe' in repeat) continue
      const unknown = 'atMostOnce' in repeat && (point === 'begun' || point === 'effect')
      const promise = unknown
        ? 'a person is asked, and a retry ends with one usable link'
        : 'the next process finishes it'
      t.test(`${kind}: killed at ${step} (${point}): ${promise}`, (t) => crash(t, kind, step, point, unknown))
    }
  }
}

async function crash(
  t: Test,
  kind: (typeof kinds)[number],
  step: string,
  point: Checkpoint,
  unknown: boolean
) {
  const sandbox = await startSandbox({ version: 31 })
  t.teardown(() => sandbox.close())
  const locksmith = await startLocksmith(t, { sandbox, worker: false })
  sandbox.createUser({ id: 'anna', password: 'Old-Password-4711', email: 'anna@example.org' })
  const session = sandbox.openBrowserSession('anna')
  const app = { user: 'anna', password: sandbox.createAppPassword('anna', 'Phone').password }

  const doomed = await spawnWorker(t, locksmith, { plan: [{ step, point, act: 'kill' }] })
  const { body } = await locksmith.call('POST', `/users/anna/${kind}`)
  await doomed.ended
  const ask = async () => (await locksmith.call('GET', `/operations/${body.id}`)).body
  t.equal((await ask()).state, 'running', 'nobody has noticed yet')

  await spawnWorker(t, locksmith)
  const after = await eventually(ask, ({ state }) => isFinal(state))
  if (unknown) {
    t.match(after, {
      state: 'needs-attention',
      problem: { code: 'delivery-unknown' },
      outcome: { mail: { delivery: 'unknown' } }
    })
    t.equal((await locksmith.call('POST', `/operations/${body.id}/retry`)).status, 202)
  }
  const end = await eventually(ask, ({ state }) => isFinal(state) && state !== 'needs-attention')
  t.equal(end.state, 'succeeded')
  t.match(end.outcome.mail, { delivery: 'requested', to: 'anna@example.org' })

  const mails = sandbox
    .mails({ to: 'anna@example.org' })
    .filter((mail) => sandbox.linkOf(mail)?.includes('/lostpassword/'))
  t.equal(mails.length, unknown && point === 'effect' ? 2 : 1, 'no mail but those that a person asked for')
  const links = mails.map((mail) => sandbox.linkOf(mail)!)
  for (const link of links.slice(0, -1))
    t.notOk(sandbox.completeReset(link, 'New-Password-4711').ok, 'older links are dead')
  t.ok(sandbox.completeReset(links.at(-1)!, 'New-Password-4711').ok, 'the newest link works')
  if (kind === 'reset') {
    t.match(
      end.outcome,
      { revoked: { sessions: 1, appPasswords: 1 }, remaining: 0 },
      'counted right over both processes'
    )
    t.ok(sandbox.loginAsPerson('anna', 'New-Password-4711').ok)
    t.equal(sandbox.tryCredential(session), 401)
    t.equal(sandbox.tryCredential(app), 401)
    t.equal(sandbox.tokens('anna').length, 1, 'no session of ours is left behind')
  }
  t.ok(Math.max(0, ...Object.values(sandbox.counters().maxConcurrentPerUser)) <= 1, 'one at a time')
}
