import t from 'tap'
import type { FaultKind } from '../../src/sandbox/index.ts'
import { call, formLogin, fresh, ocs, password, putUser, sandboxFor } from './client.ts'

const match = { method: 'PUT', pathRegex: '/cloud/users/ann$' }

for (const [kind, effect] of Object.entries({
  refuse: false,
  'reset-before': false,
  'reset-after': true,
  'reset-body': true,
  truncate: true
} as const)) {
  t.test(`${kind}: no answer, and the effect ${effect ? 'happened' : 'did not happen'}`, async (t) => {
    const sandbox = await sandboxFor(t)
    sandbox.createUser({ id: 'ann', password })
    sandbox.addFault({ match, do: kind as FaultKind, times: 1 })
    await t.rejects(putUser(sandbox, 'ann', 'password', fresh))
    t.equal(sandbox.tryCredential({ user: 'ann', password: effect ? fresh : password }), 200)
    t.equal((await putUser(sandbox, 'ann', 'password', fresh)).status, 200, 'only once')
    t.equal(sandbox.calls()[0]?.fault, kind)
  })
}

const answers: Partial<Record<FaultKind, [status: number, body: RegExp, effect: boolean]>> = {
  'empty-200': [200, /^$/, false],
  'ocs-failure': [500, /"statuscode":996/, false],
  'html-500': [500, /<h2>Internal Server Error<\/h2>/, false],
  '429-empty': [429, /^$/, false],
  '429-delay': [429, /Reached maximum delay/, false],
  '503-maintenance': [503, /Service unavailable/, false],
  redirect: [302, /^$/, false],
  'non-json': [200, /Bad Gateway/, true]
}
for (const [kind, [status, body, effect]] of Object.entries(answers)) {
  t.test(`${kind} is answered, and the effect ${effect ? 'happened' : 'did not happen'}`, async (t) => {
    const sandbox = await sandboxFor(t)
    sandbox.createUser({ id: 'ann', password })
    sandbox.addFault({ match, do: kind as FaultKind })
    const answer = await putUser(sandbox, 'ann', 'password', fresh)
    t.equal(answer.status, status)
    t.match(answer.text, body)
    t.equal(sandbox.tryCredential({ user: 'ann', password: effect ? fresh : password }), 200)
  })
}

for (const [kind, effect] of Object.entries({ 'hang-before': false, 'hang-after': true } as const)) {
  t.test(`${kind}: the call stays open until it is released`, async (t) => {
    const sandbox = await sandboxFor(t)
    sandbox.createUser({ id: 'ann', password })
    sandbox.addFault({ match, do: kind as FaultKind, times: 1 })
    const pending = putUser(sandbox, 'ann', 'password', fresh)
    while (sandbox.calls().length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    await new Promise((resolve) => setTimeout(resolve, 20))
    t.equal(sandbox.nextcloud.users.get('ann')?.password === fresh, effect)
    sandbox.releaseFaults()
    t.equal((await pending).status, 200)
    t.equal(sandbox.nextcloud.users.get('ann')?.password, fresh)
  })
}

t.test('nth and times choose the calls that a fault strikes', async (t) => {
  const sandbox = await sandboxFor(t)
  sandbox.addFault({ match: { pathRegex: 'capabilities' }, nth: 2, times: 2, do: '429-empty' })
  const seen: number[] = []
  for (let n = 0; n < 4; n++) seen.push((await call(sandbox, 'GET', `${ocs}/cloud/capabilities`)).status)
  t.strictSame(seen, [200, 429, 429, 200])
  sandbox.clearFaults()
  t.strictSame(sandbox.faults(), [])
})

t.test('calls on one user that overlap are seen', async (t) => {
  const sandbox = await sandboxFor(t, { latencyMs: 20 })
  for (const id of ['ann', 'bob']) sandbox.createUser({ id, password })
  await Promise.all([putUser(sandbox, 'ann', 'password', fresh), formLogin(sandbox, 'ann', password)])
  await putUser(sandbox, 'bob', 'password', fresh)
  await formLogin(sandbox, 'bob', fresh)
  t.match(sandbox.counters().maxConcurrentPerUser, { bob: 1 })
  t.equal(
    sandbox.counters().maxConcurrentPerUser.ann,
    sandbox.calls().filter(({ effects }) => effects[0]?.userId === 'ann').length
  )
})
