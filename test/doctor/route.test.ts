import t from 'tap'
import { startLocksmith } from '../support/locksmith.ts'

t.test('GET /doctor says what was found, and is not to be kept', async (t) => {
  const { call, sandbox } = await startLocksmith(t, { worker: false })
  sandbox.settings({ passwordResetEnabled: false })
  const { status, headers, body } = await call('GET', '/doctor')
  t.equal(status, 200, 'also where something is wrong')
  t.equal(headers.get('cache-control'), 'no-store')
  t.match(body, { state: 'error', nextcloud: '34.0.1', checkedAt: /^\d{4}-/ })
  t.match(
    body.findings.find(({ name }: { name: string }) => name === 'password-reset'),
    { state: 'error', mend: 'occ config:system:delete lost_password_link' }
  )
})

t.test('whoever asks at one time, or soon after, gets one examination', async (t) => {
  const { call, sandbox } = await startLocksmith(t, { worker: false })
  const bodies = await Promise.all([1, 2, 3].map(async () => (await call('GET', '/doctor')).body))
  t.strictSame(bodies[1], bodies[0])
  t.strictSame((await call('GET', '/doctor')).body, bodies[0])
  t.equal(sandbox.calls().filter(({ path }) => path.includes('checksetup')).length, 1)
})
