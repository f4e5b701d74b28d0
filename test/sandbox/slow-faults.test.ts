import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import type { Fault, Sandbox } from '../../src/sandbox/index.ts'
import { type Answer, call, formLogin, fresh, ocs, password, putUser, sandboxFor } from './client.ts'

const match = { method: 'PUT' }

async function annFor(t: Test, fault?: Fault): Promise<Sandbox> {
  const sandbox = await sandboxFor(t)
  sandbox.createUser({ id: 'ann', password })
  if (fault) sandbox.addFault(fault)
  return sandbox
}

const impatientPut = (sandbox: Sandbox): Promise<Answer> =>
  call(sandbox, 'PUT', `${ocs}/cloud/users/ann`, {
    as: sandbox.admin,
    form: { key: 'password', value: fresh },
    patienceMs: 100
  })
const passwordOf = (sandbox: Sandbox) => sandbox.nextcloud.users.get('ann')?.password

t.test('late: it happens at its time though the caller has long hung up', async (t) => {
  const sandbox = await annFor(t, { match, do: 'late', delayMs: 300 })
  await t.rejects(impatientPut(sandbox))
  t.equal(passwordOf(sandbox), password, 'not yet')
  await sleep(400)
  t.equal(passwordOf(sandbox), fresh)
  t.match(sandbox.calls(), [{ status: 0, effects: [{ effect: 'set password' }] }])
  t.equal((await putUser(sandbox, 'ann', 'password', password)).status, 200, 'who waits is answered')
})

t.test('a late call that is let go of happens at once, and not in a sandbox that was reset', async (t) => {
  const sandbox = await annFor(t, { match, do: 'late', delayMs: 60_000 })
  const pending = putUser(sandbox, 'ann', 'password', fresh)
  while (sandbox.calls().at(0)?.fault !== 'late') await sleep(5)
  sandbox.releaseFaults()
  t.equal((await pending).status, 200)
  const second = putUser(sandbox, 'admin', 'displayname', 'Changed')
  while (sandbox.calls().at(1)?.fault !== 'late') await sleep(5)
  sandbox.reset()
  await second
  t.equal(sandbox.nextcloud.users.get('admin')?.displayName, 'admin')
})

for (const kind of ['hang-before', 'slow'] as const) {
  t.test(`${kind}: nothing happens when the caller has hung up meanwhile`, async (t) => {
    const sandbox = await annFor(t, { match, do: kind, delayMs: 200 })
    await t.rejects(impatientPut(sandbox))
    await sleep(200)
    sandbox.releaseFaults()
    await sleep(20)
    t.equal(passwordOf(sandbox), password)
  })
}

t.test('a call that Nextcloud works on goes on when its caller hangs up', async (t) => {
  const sandbox = await annFor(t)
  sandbox.settings({ latencyMs: 200 })
  await t.rejects(impatientPut(sandbox))
  await sleep(200)
  t.equal(passwordOf(sandbox), fresh)
})

t.test('trickle: the answer begins and never ends, and the effect has happened', async (t) => {
  const sandbox = await annFor(t, { match: { pathRegex: 'cloud/users/ann' }, do: 'trickle', delayMs: 10 })
  const begun = await fetch(`${sandbox.url}${ocs}/cloud/users/ann`, {
    headers: { Authorization: `Basic ${btoa(`admin:${sandbox.admin.password}`)}`, 'OCS-APIRequest': 'true' },
    signal: AbortSignal.timeout(150)
  })
  t.equal(begun.status, 200, 'the head of a long answer is there at once')
  await t.rejects(begun.text())
  await t.rejects(impatientPut(sandbox))
  t.equal(passwordOf(sandbox), fresh)
})

t.test('trickle: a short answer does not even finish its head; let go of, all of it is right', async (t) => {
  const sandbox = await annFor(t, { match: { pathRegex: 'login' }, do: 'trickle' })
  let done = false
  const pending = formLogin(sandbox, 'ann', password).finally(() => {
    done = true
  })
  while (sandbox.tokens('ann').length === 0) await sleep(5)
  await sleep(50)
  t.notOk(done)
  sandbox.releaseFaults()
  const answer = await pending
  t.equal(answer.status, 303)
  t.equal(sandbox.tryCredential({ cookie: answer.cookie }), 200)
})
