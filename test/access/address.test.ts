import t from 'tap'
import { eventually, startLocksmith } from '../support/locksmith.ts'
import { keyOf } from './caller.ts'

t.test(
  'a key works from its networks alone, and the audit has it where it was tried from elsewhere',
  async (t) => {
    const locksmith = await startLocksmith(t, { worker: false })
    const { call } = locksmith
    const near = await keyOf(locksmith, ['users:read'], { allowedCidrs: ['10.0.0.0/8', '127.0.0.0/8'] })
    const far = await keyOf(locksmith, ['users:read'], { allowedCidrs: ['10.0.0.0/8', '::1'] })
    t.equal((await call('GET', '/operations', near)).status, 200)
    for (let i = 0; i < 5; i++)
      t.match(await call('GET', '/operations', far), { status: 403, body: { code: 'address-not-allowed' } })
    const events = async () => (await call('GET', '/audit?action=key.address-refused')).body.items
    await eventually(events, (items) => items.length > 0)
    t.match(
      await events(),
      [{ actor: `key:${far.id}`, sourceAddress: '127.0.0.1' }],
      'once, not for each request'
    )
    t.equal((await events()).length, 1)
    t.equal((await call('GET', `/keys/${far.id}`)).body.lastUsedAt, null, 'that was no use of it')
  }
)

t.test('where a request is from is believed of a trusted proxy, and of nobody else', async (t) => {
  const headers = { 'x-forwarded-for': '203.0.113.9' }
  const limits = { allowedCidrs: ['203.0.113.0/24'] }
  const direct = await startLocksmith(t, { worker: false })
  const key = await keyOf(direct, ['users:read'], limits)
  t.equal((await direct.call('GET', '/operations', { ...key, headers })).status, 403)

  const behind = await startLocksmith(t, { worker: false, env: { TRUST_PROXY: '127.0.0.1, 10.0.0.0/8' } })
  const other = await keyOf(behind, ['users:read'], limits)
  const from = async (forwarded: string) =>
    (await behind.call('GET', '/operations', { ...other, headers: { 'x-forwarded-for': forwarded } })).status
  t.equal(await from('203.0.113.9'), 200)
  t.equal(await from('203.0.113.9, 10.1.1.1'), 200, 'through two proxies')
  t.equal(
    await from('203.0.113.9, 198.51.100.1'),
    403,
    'what the caller itself wrote is before the last stranger'
  )
  t.equal(await from('rubbish'), 403)
  t.equal(await from(''), 403)
})
