import t from 'tap'
import { leaver } from '../support/leaver.ts'
import { type Locksmith, looseBrakes, startLocksmith } from '../support/locksmith.ts'

const rows = async ({ world }: Locksmith) => {
  const { rows } = await world.pool.query(
    `SELECT (SELECT count(*) FROM operation) AS operations, (SELECT count(*) FROM audit_event) AS events,
            (SELECT count(*) FROM jobs.job WHERE name = 'advance') AS jobs, (SELECT count(*) FROM approval) AS approvals,
            (SELECT count(*) FROM brake_use) AS uses, (SELECT count(*) FROM idempotency_key) AS keys,
            (SELECT count(*) FROM operation_step) AS steps`
  )
  return rows[0]
}

t.test('every mutation tells what it would do, and nothing is changed anywhere', async (t) => {
  const here = await startLocksmith(t, { env: { ...looseBrakes, BRAKE_WIPES: '0' } })
  const { call, sandbox } = here
  leaver(sandbox)
  leaver(sandbox, { id: 'out', enabled: false })
  const before = await rows(here)
  const tried = async (method: string, path: string, body?: object) => {
    const query = path.includes('?') ? '&' : '?'
    const answer = await call(method, `${path}${query}dryRun=true`, {
      ...(body && { body }),
      headers: { prefer: 'wait=30', 'idempotency-key': 'the same for all' }
    })
    t.equal(answer.status, 200, `${path}: ${answer.text.slice(0, 200)}`)
    t.equal(answer.body.dryRun, true)
    return answer.body
  }
  const names = (plan: { steps: { name: string }[] }) => plan.steps.map(({ name }) => name)
  const reset = await tried('POST', '/users/LEA/reset', { reason: 'phone lost' })
  t.match(reset, {
    userId: 'lea',
    kind: 'reset',
    would: 'queued',
    driver: { name: 'session' },
    problem: null
  })
  t.same(names(reset), ['check-user', 'replace-password', 'revoke-tokens', 'send-reset-mail'])
  t.match(reset.brakes, [{ brake: 'lock-out', used: 0, most: 1_000_000 }])
  t.match(await tried('POST', '/users/lea/reset-mail', {}), { would: 'queued', brakes: [] })
  t.match(await tried('POST', '/users/lea/disable', {}), { would: 'queued' })
  const enable = await tried('POST', '/users/out/enable', {})
  t.match(names(enable), [
    'check-user',
    'replace-password',
    'enable-user',
    'revoke-tokens',
    'send-reset-mail'
  ])
  t.match(await tried('POST', '/users/out/reset', {}), {
    would: 'refused',
    problem: { code: 'user-disabled' }
  })
  t.match(await tried('POST', '/users/nobody/reset', {}), {
    would: 'refused',
    problem: { code: 'unknown-user' }
  })
  t.match(await tried('POST', '/users/lea/wipe', {}), {
    would: 'awaiting-approval',
    problem: { code: 'awaiting-approval' },
    brakes: [{ brake: 'lock-out' }, { brake: 'wipe', used: 0, most: 0 }]
  })
  const offboard = await tried('POST', '/users/lea/offboard', {
    shares: 'delete',
    groups: 'all',
    deleteAfter: 'P30D'
  })
  t.ok(names(offboard).includes('put-off-deletion'))
  t.match(await tried('POST', '/users/out/reinstate', {}), { would: 'queued' })
  t.match(await tried('DELETE', '/users/lea/tokens'), {
    would: 'refused',
    problem: { code: 'needs-password-replacement' }
  })
  t.match(await tried('DELETE', '/users/lea/tokens?replacePassword=true'), { would: 'queued' })
  t.match(await tried('DELETE', '/users/lea/tokens/1?replacePassword=true'), { would: 'queued' })
  t.same(await rows(here), before, 'nothing was written')
  t.equal(
    sandbox.calls().filter(({ effects }) => effects.length > 0).length,
    0,
    'and nothing changed in Nextcloud'
  )
})

t.test('retry and cancel can be tried, too', async (t) => {
  const here = await startLocksmith(t, { worker: false })
  const { call, sandbox, world } = here
  leaver(sandbox)
  const { id } = (await call('POST', '/users/lea/reset')).body
  const before = await rows(here)
  t.match((await call('POST', `/operations/${id}/cancel?dryRun=true`)).body, {
    dryRun: true,
    would: 'cancelled'
  })
  t.equal((await call('GET', `/operations/${id}`)).body.state, 'queued')
  t.same(await rows(here), before)
  await world.pool.query(`UPDATE operation_step SET attempts = 1 WHERE name = 'replace-password'`)
  await call('POST', `/operations/${id}/cancel`)
  const retried = await call('POST', `/operations/${id}/retry?dryRun=true`)
  t.match(retried.body, { dryRun: true, would: 'queued', steps: [{ name: 'check-user' }] })
  t.equal((await call('GET', `/operations/${id}`)).body.state, 'needs-attention')
})

t.test('what is in the user’s way is told: another operation, a key that lacks the scope', async (t) => {
  const here = await startLocksmith(t, { worker: false })
  const { call, sandbox } = here
  leaver(sandbox)
  await call('POST', '/users/lea/disable')
  t.match((await call('POST', '/users/lea/reset?dryRun=true')).body, {
    would: 'refused',
    problem: { code: 'operation-already-running' }
  })
  t.equal((await call('POST', '/users/lea/reset?dryRun=true', { authorization: null })).status, 401)
})

t.test('a Nextcloud that does not answer is no plan', async (t) => {
  const here = await startLocksmith(t, { worker: false })
  leaver(here.sandbox)
  here.sandbox.settings({ maintenance: true })
  const { body } = await here.call('POST', '/users/lea/reset?dryRun=true')
  t.match(body, { would: 'refused', problem: { code: 'nextcloud-maintenance' } })
})

t.test('a route that cannot be tried does not do the thing instead', async (t) => {
  const { call } = await startLocksmith(t, { worker: false })
  for (const query of ['dryRun=yes', 'dryrun=true', 'dry_run=1'])
    t.equal((await call('POST', `/users/alice/reset?${query}`)).status, 400, query)
  t.equal((await call('GET', '/operations')).body.items.length, 0)
})
