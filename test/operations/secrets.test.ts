import t from 'tap'
import { assertNowhere, dump, watchedLog } from '../support/canaries.ts'
import { eventually, firstKey, startLocksmith } from '../support/locksmith.ts'

t.test(
  'the random password, the admin’s password and the API key are in no table, log line, error, metric or response',
  async (t) => {
    const { lines, log } = watchedLog()
    const locksmith = await startLocksmith(t, { log })
    const { call, sandbox } = locksmith
    const passwords: Record<string, string> = {}
    const replies: string[] = []
    const troubles = [
      undefined,
      { match: { method: 'PUT' }, times: 1, do: 'reset-after' },
      { match: { method: 'PUT' }, times: 1, do: 'non-json' },
      { match: { method: 'POST', pathRegex: 'login' }, times: 1, do: 'reset-before' },
      { match: { method: 'DELETE' }, times: 1, do: 'truncate' },
      { match: { pathRegex: 'lostpassword' }, times: 1, do: 'reset-after' },
      { match: { method: 'PUT' }, times: 1, do: 'ocs-failure' }
    ] as const
    for (const [i, trouble] of troubles.entries()) {
      const id = `user${i}`
      sandbox.createUser({ id, password: 'Old-Password-4711', email: `${id}@example.org` })
      sandbox.createAppPassword(id, 'Phone')
      if (trouble) sandbox.addFault(trouble)
      const reply = await call('POST', `/users/${id}/reset`, { headers: { prefer: 'wait=20' } })
      replies.push(reply.text, JSON.stringify([...reply.headers]))
      t.match(reply.body.state, /succeeded|needs-attention/, JSON.stringify(trouble))
      passwords[`random password ${i}`] = sandbox.users().find((user) => user.id === id)!.password!
      sandbox.clearFaults()
    }
    for (const path of [
      '/operations',
      '/audit?limit=200',
      '/users',
      '/metrics',
      '/openapi.json',
      '/health/ready'
    ]) {
      replies.push((await call('GET', path)).text)
    }
    t.equal(Object.keys(passwords).length, troubles.length)
    for (const password of Object.values(passwords))
      t.not(password, 'Old-Password-4711', 'a random one was set')
    t.ok(lines.length > 20, 'there was something to look at')
    assertNowhere(
      t,
      { ...passwords, 'admin’s password': sandbox.admin.password, 'API key': firstKey },
      { table: await dump(locksmith.world.pool), 'log line': lines.join(''), response: replies.join('\n') }
    )
  }
)

t.test('a refused admin password is in no table and no log line', async (t) => {
  const { lines, log } = watchedLog()
  const locksmith = await startLocksmith(t, { log })
  locksmith.sandbox.updateUser('admin', { password: 'Changed-By-Hand-4711' })
  await locksmith.call('GET', '/users/anna')
  await eventually(
    async () => (await locksmith.world.pool.query('SELECT 1 FROM refused_credential')).rowCount,
    (count) => count === 1
  )
  assertNowhere(
    t,
    { 'admin’s password': locksmith.sandbox.admin.password },
    { table: await dump(locksmith.world.pool), 'log line': lines.join('') }
  )
})
