import t from 'tap'
import { startIssuer } from '../../access/issuer.ts'
import { opaque, setOf } from '../signals/stage.ts'
import { startSsf } from './stage.ts'

t.test('two that tell each other come to an end: what an issuer had done is not told again', async (t) => {
  const okta = await startIssuer(t)
  const env = {
    SIGNAL_ISSUERS: JSON.stringify([{ issuer: okta.issuer, audience: 'locksmith', users: 'all' }]),
    MAIL_VIA: 'none'
  }
  const { sandbox, call, quiet, stream, world } = await startSsf(t, { worker: true, env })
  const { receiver } = await stream()
  for (const id of ['anna', 'ben'])
    sandbox.createUser({ id, password: 'Old-Password-4711', email: `${id}@example.org` })
  const claims = { ...setOf(okta, opaque('anna')), aud: 'locksmith' }
  const body = await okta.sign(claims, { typ: 'secevent+jwt' })
  const headers = { 'content-type': 'application/secevent+jwt' }
  t.equal((await call('POST', '/ssf/events', { body, headers, authorization: null })).status, 202)
  const { rows } = await world.pool.query(`SELECT id FROM operation WHERE place = 'anna'`)
  const wait = { headers: { prefer: 'wait=30' } }
  t.match(await call('GET', `/operations/${rows[0].id}`, wait), { body: { state: 'succeeded' } })
  await call('POST', '/users/ben/reset', wait)
  await quiet()
  t.same(
    receiver.accepted.map(({ claims }) => claims!.sub_id),
    [1, 2].map(() => ({ format: 'email', email: 'ben@example.org' }))
  )
})
