import t from 'tap'
import { anna } from '../support/keyed.ts'
import { eventually, type Locksmith, startLocksmith } from '../support/locksmith.ts'

const people = (count: number) => Array.from({ length: count }, (_, i) => `user${i}`)

function create({ sandbox }: Locksmith, users: string[]) {
  for (const id of users)
    sandbox.createUser({ id, password: 'Old-Password-4711', email: `${id}@example.org` })
}

/**
 * So many calls were made just now.
 * @returns how many seconds after that a time is: a slow machine looks at it later, and the time stays the same.
 */
async function useUp({ world }: Locksmith, budget: string, calls: number) {
  const { rows } = await world.pool.query<{ at: Date }>(
    `INSERT INTO limit_use (budget, holder, used, at)
     SELECT $1, 'x' || n, true, locksmith_now() FROM generate_series(1, $2) n
     RETURNING at`,
    [budget, calls]
  )
  return (time: string) => (Date.parse(time) - rows[0]!.at.getTime()) / 1_000
}

const about = (seconds: number, wanted: number) => Math.abs(seconds - wanted) < 5

const look = async ({ call }: Locksmith, id: string) => (await call('GET', `/operations/${id}`)).body

const waits = (locksmith: Locksmith, id: string) =>
  eventually(
    () => look(locksmith, id),
    ({ state }) => state === 'waiting'
  )

t.test(
  'one that waits for the limit on changing users says so, until when, and when it will be over',
  async (t) => {
    const locksmith = await startLocksmith(t)
    create(locksmith, ['anna'])
    const after = await useUp(locksmith, 'password:admin', 50)
    const { body } = await locksmith.call('POST', '/users/anna/reset', { body: { mail: 'none' } })
    const waiting = await waits(locksmith, body.id)
    t.match(waiting.problem, { code: 'nextcloud-limit', detail: /50 users in 10 minutes.*Nothing is wrong/ })
    t.ok(about(after(waiting.resumeAt), 602), waiting.resumeAt)
    t.ok(about(after(waiting.estimate.finishedAt), 602), waiting.estimate.finishedAt)
    t.equal(waiting.estimate.ahead, 0)
    t.match(waiting.steps[1], { state: 'waiting', attempts: 0 }, 'nothing was tried')
  }
)

t.test('whoever is further back in the line is told so', async (t) => {
  const locksmith = await startLocksmith(t)
  const users = people(60)
  create(locksmith, users)
  const after = await useUp(locksmith, 'password:admin', 50)
  const ids: string[] = []
  for (const id of users)
    ids.push((await locksmith.call('POST', `/users/${id}/reset`, { body: { mail: 'none' } })).body.id)
  for (const id of ids) await waits(locksmith, id)
  for (const [i, windows] of [
    [0, 1],
    [20, 1],
    [49, 1],
    [50, 2],
    [59, 2]
  ] as const) {
    const { estimate } = await look(locksmith, ids[i]!)
    t.equal(estimate.ahead, i)
    t.ok(about(after(estimate.finishedAt), windows * 602), `${i}: ${after(estimate.finishedAt)}`)
  }
  // Not each asks in the order in which it was recorded: eight are worked on at once.
  const resume = (await Promise.all(ids.map((id) => look(locksmith, id)))).map(({ resumeAt }) =>
    after(resumeAt)
  )
  t.equal(resume.filter((seconds) => about(seconds, 602)).length, 50)
  t.equal(resume.filter((seconds) => about(seconds, 1_204)).length, 10)
})

t.test('one whose mail has to wait is told by the limit on mails', async (t) => {
  const locksmith = await startLocksmith(t)
  create(locksmith, ['anna', 'berta'])
  const after = await useUp(locksmith, 'reset-mail', 10)
  const { body: first } = await locksmith.call('POST', '/users/anna/reset')
  const { body: second } = await locksmith.call('POST', '/users/berta/reset-mail')
  const waiting = await waits(locksmith, first.id)
  t.match(waiting.problem, { code: 'nextcloud-limit', detail: /10 requests for reset mails in 30 minutes/ })
  t.ok(about(after(waiting.resumeAt), 1_802))
  t.ok(about(after(waiting.estimate.finishedAt), 1_802))
  t.equal((await waits(locksmith, second.id)).estimate.ahead, 1)
})

t.test('a user’s own limit on mails is told as such', async (t) => {
  const locksmith = await startLocksmith(t)
  create(locksmith, ['anna'])
  const after = await useUp(locksmith, 'reset-mail:anna', 5)
  const { body } = await locksmith.call('POST', '/users/anna/reset-mail')
  const waiting = await waits(locksmith, body.id)
  t.match(waiting.problem, {
    code: 'nextcloud-limit',
    detail: /"anna" no more than 5 reset mails in 30 minutes/
  })
  t.ok(about(after(waiting.estimate.finishedAt), 1_802), 'and the estimate knows it')
})

t.test('one that nothing holds back is over at once; one that is over has no estimate', async (t) => {
  const locksmith = await startLocksmith(t, { worker: false })
  create(locksmith, ['anna'])
  const { body } = await locksmith.call('POST', '/users/anna/reset', { body: { mail: 'smtp' } })
  const { estimate } = await look(locksmith, body.id)
  t.equal(estimate.ahead, 0)
  t.ok(Math.abs(Date.parse(estimate.finishedAt) - Date.now()) < 15_000)
  await locksmith.call('POST', `/operations/${body.id}/cancel`)
  t.equal((await look(locksmith, body.id)).estimate, undefined)
  t.notOk('estimate' in (await locksmith.call('GET', '/operations')).body.items[0], 'and lists have none')
})

t.test('where Nextcloud does not say what it allows, an operation is shown all the same', async (t) => {
  const locksmith = await startLocksmith(t, { worker: false })
  locksmith.sandbox.createUser(anna)
  const { body } = await locksmith.call('POST', '/users/anna/reset')
  locksmith.sandbox.settings({ rubbish: true })
  t.match(await look(locksmith, body.id), { state: 'queued', estimate: null })
})
