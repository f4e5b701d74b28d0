import t from 'tap'
import { startLocksmith } from './support/locksmith.ts'

t.test('leaks', async (t) => {
  const { call, sandbox } = await startLocksmith(t)
  sandbox.createUser({ id: 'x1', email: 'x@example.org' })
  const { body } = await call('POST', '/users/x1/reset', {
    body: { reason: Buffer.from(sandbox.admin.password).toString('base64') },
    headers: { prefer: 'wait=20' }
  })
  t.equal(body.state, 'succeeded')
})
