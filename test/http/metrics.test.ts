import t from 'tap'
import { eventually, startLocksmith } from '../support/locksmith.ts'

t.test('metrics tell how things stand, from the first scrape on', async (t) => {
  const { call, sandbox } = await startLocksmith(t, { env: { BRAKE_LOCK_OUTS: '2' } })
  for (const id of ['anna', 'bert', 'cleo'])
    sandbox.createUser({ id, password: 'Old-Password-4711', email: `${id}@example.org` })
  const reset = (id: string, mail: string) =>
    call('POST', `/users/${id}/reset`, { headers: { prefer: 'wait=20' }, body: { mail } })
  const value = (text: string, series: string) =>
    Number(
      text
        .split('\n')
        .find((line) => line.startsWith(`${series} `))
        ?.slice(series.length)
    )

  const oldest = 'locksmith_operations_oldest_seconds{state="waiting"}'
  const before = (await call('GET', '/metrics')).text
  for (const series of [
    'locksmith_operations{state="needs-attention"}',
    'locksmith_operations_oldest_seconds{state="queued"}',
    'locksmith_mails_total{result="rejected"}',
    'locksmith_takeovers_total{from="dead-process"}',
    'locksmith_nextcloud_limit_used{limit="password"}',
    'locksmith_nextcloud_line{limit="reset-mail"}',
    'locksmith_nextcloud_away_seconds',
    'locksmith_nextcloud_refused',
    'locksmith_brake_used{brake="lock-out"}'
  ])
    t.equal(value(before, series), 0, series)
  t.equal(value(before, 'locksmith_brake_most{brake="lock-out"}'), 2)

  t.equal((await reset('anna', 'smtp')).body.state, 'succeeded')
  sandbox.settings({ maintenance: true })
  t.equal((await call('POST', '/users/bert/reset', { body: { mail: 'none' } })).status, 202)
  t.equal(
    (await call('POST', '/users/cleo/reset', { body: { mail: 'none' } })).body.state,
    'awaiting-approval'
  )
  const waits = 'locksmith_operations_by_problem{state="waiting",problem="nextcloud-maintenance"}'
  const { text } = await eventually(
    () => call('GET', '/metrics'),
    (reply) => value(reply.text, waits) === 1 && value(reply.text, oldest) >= 1
  )
  t.equal(value(text, 'locksmith_mails_total{result="accepted"}'), 1)
  t.equal(value(text, 'locksmith_brake_used{brake="lock-out"}'), 2)
  t.equal(value(text, 'locksmith_nextcloud_limit_used{limit="password"}'), 1)
  t.equal(value(text, 'locksmith_operations{state="awaiting-approval"}'), 1)
  t.equal(
    value(text, 'locksmith_operations_by_problem{state="awaiting-approval",problem="awaiting-approval"}'),
    1
  )
  t.ok(value(text, 'locksmith_nextcloud_away_seconds') > 0)
  t.notMatch(text, /anna|bert|cleo/)

  sandbox.settings({ maintenance: false })
})
