import t from 'tap'
import type { AuditEvent } from '../../../src/audit/event.ts'
import { claimsOf } from '../../../src/integrations/ssf/claims.ts'
import {
  accountEventsOf,
  type Background,
  dataOf,
  eventTypes,
  mayTell,
  streamEvents
} from '../../../src/integrations/ssf/event.ts'
import { stepsByName } from '../../../src/operations/plan.ts'
import { letPass, people, startCampaigning } from '../../support/campaigns.ts'
import { leaver } from '../../support/leaver.ts'
import { startLocksmith } from '../../support/locksmith.ts'
import { makeKey } from '../webhooks/stage.ts'
import { makeSigningKey } from './signing-key.ts'

const wait = { headers: { prefer: 'wait=30' } }
const usual: Background = {
  kind: 'reset',
  isPart: false,
  isPolicy: false,
  found: { mailAddress: 'anna@example.org', enabled: true },
  isPasswordOpen: false
}
const { credentialChange, sessionRevoked, accountDisabled, accountEnabled, accountPurged } = eventTypes

const told = (action: string, step: string, outcome: object, background: Partial<Background> = {}) => {
  const details = { step, attempt: 1, outcome }
  const event = {
    action,
    actor: 'system',
    userId: 'anna',
    operationId: 'x',
    details
  } as unknown as AuditEvent
  return mayTell(event) ? accountEventsOf(event, { ...usual, ...background }) : []
}

t.test('only what is known to have happened is told', async (t) => {
  t.same(told('step.done', 'replace-password', { passwordReplaced: true }), [credentialChange])
  t.same(told('step.done', 'replace-password', { passwordReplaced: 'unknown' }), [])
  t.same(told('step.skipped', 'replace-password', { passwordReplaced: false }), [])
  t.same(told('step.done', 'revoke-tokens', { remaining: 0 }), [sessionRevoked])
  t.same(told('step.done', 'revoke-tokens', { remaining: 0 }, { isPart: true }), [])
  t.same(told('step.skipped', 'revoke-tokens', { remaining: 'unknown' }), [])
  t.same(told('step.failed', 'revoke-tokens', { remaining: 2 }), [])
  const open = { isPasswordOpen: true }
  const replaced = { passwordReplaced: true }
  t.same(told('step.done', 'revoke-tokens', replaced, open), [credentialChange, sessionRevoked])
  t.same(told('step.failed', 'revoke-tokens', replaced, open), [credentialChange], 'our log-in got in by it')
  t.same(told('step.done', 'revoke-tokens', replaced), [sessionRevoked], 'that was told before')
  t.same(told('step.done', 'disable-user', { enabled: false }), [accountDisabled])
  t.same(told('step.failed', 'disable-user', {}), [])
  t.same(told('step.done', 'enable-user', { enabled: true }), [accountEnabled])
  t.same(told('step.skipped', 'enable-user', { enabled: true }), [], 'was enabled before')
  const disabled = { found: { enabled: false } }
  t.same(told('step.skipped', 'enable-user', { enabled: true }, disabled), [accountEnabled])
  t.same(told('step.undone', 'enable-user', {}), [accountDisabled])
  for (const action of ['step.done', 'step.undone', 'step.skipped'])
    t.same(
      told(action, 'enable-briefly', { enabled: true }, disabled),
      [],
      'a moment that nobody is to act on'
    )
  t.same(told('step.done', 'delete-account', { deleted: true }), [accountPurged])
  t.same(told('step.skipped', 'delete-account', { deleted: false }), [], 'somebody else did')
  for (const action of ['step.intended', 'step.waiting', 'step.unknown', 'step.undo-intended'])
    for (const step of stepsByName.keys()) t.same(told(action, step, { enabled: true }), [])
})

t.test('steps that nothing is told of are not looked up', async (t) => {
  const telling = [...stepsByName.keys()].filter(
    (step) => told('step.done', step, { ...usual, passwordReplaced: true, deleted: true }).length > 0
  )
  t.same(telling.toSorted(), [
    'delete-account',
    'disable-user',
    'enable-user',
    'replace-password',
    'revoke-tokens'
  ])
})

t.test('who wanted it, and about whom it is', async (t) => {
  const row = {
    id: 'jti',
    endpointId: 'stream',
    type: sessionRevoked,
    at: new Date(1_795_449_952_318),
    audience: ['a', 'b']
  }
  const about = { operationId: 'op', userId: 'anna' }
  const us = { issuer: 'https://l.example', subjects: 'email' } as const
  const claims = claimsOf({ ...row, data: dataOf(about, { ...usual, isPolicy: true }) }, us)
  t.match(claims, {
    aud: ['a', 'b'],
    iat: 1_795_449_952,
    events: { [sessionRevoked]: { initiating_entity: 'policy', event_timestamp: 1_795_449_952 } }
  })
  const nameless = claimsOf({ ...row, data: dataOf(about, { ...usual, found: null }) }, us)
  t.strictSame(nameless.sub_id, { format: 'iss_sub', iss: 'https://l.example', sub: 'anna' })
  const addressed = {
    ...row,
    data: dataOf(about, { ...usual, found: { mailAddress: 'ceo@example.org', enabled: true } })
  }
  t.strictSame(claimsOf(addressed, us).sub_id, { format: 'email', email: 'ceo@example.org' })
  const byId = claimsOf(addressed, { ...us, subjects: 'iss_sub' })
  t.strictSame(byId.sub_id, nameless.sub_id, 'by the id, whatever address somebody took')
  t.notMatch(JSON.stringify(byId), /ceo@/)
  const verification = claimsOf({ ...row, type: streamEvents.verification, data: { state: 's' } }, us)
  t.strictSame(Object.keys(verification).toSorted(), ['aud', 'events', 'iat', 'iss', 'jti', 'sub_id'])
})

/** Without a loop nothing leaves the outbox. */
async function outboxOf(t: Tap, options: Parameters<typeof startLocksmith>[1] = {}) {
  const locksmith = await startLocksmith(t, { ...options, env: { ...options?.env, ...transmits } })
  await makeStream(locksmith.call)
  return { ...locksmith, types: () => typesIn(locksmith.world.pool) }
}
type Tap = Parameters<typeof startLocksmith>[0]
const transmits = {
  WEBHOOK_ENCRYPTION_KEY: makeKey(),
  SSF_SIGNING_KEY: makeSigningKey(),
  PUBLIC_URL: 'https://locksmith.example.org'
}
const makeStream = (call: (method: string, path: string, options: object) => Promise<unknown>) =>
  call('POST', '/ssf/streams', {
    body: { delivery: { method: 'urn:ietf:rfc:8935', endpoint_url: 'https://example.org/' } }
  })
async function typesIn(pool: { query(text: string): Promise<{ rows: { type: string }[] }> }) {
  const { rows } = await pool.query('SELECT type FROM webhook_delivery ORDER BY cause, type')
  return rows.map(({ type }) => type.split('/').at(-1))
}

t.test('where only the log-in told that the password was replaced, that is told then', async (t) => {
  const { call, sandbox, types } = await outboxOf(t)
  sandbox.createUser({ id: 'anna', password: 'Old-Password-4711', email: 'anna@example.org' })
  sandbox.settings({ encryption: 'master-key' })
  const { body } = await call('POST', '/users/anna/reset', wait)
  t.match(body, { state: 'succeeded', outcome: { passwordReplaced: true } })
  t.same(await types(), ['credential-change', 'session-revoked'])
})

t.test('an enabling whose answer was lost is told all the same', async (t) => {
  const { call, sandbox, types } = await outboxOf(t)
  sandbox.createUser({ id: 'anna', password: 'Old-Password-4711', email: 'anna@example.org', enabled: false })
  sandbox.addFault({ match: { method: 'PUT', pathRegex: '/anna/enable' }, times: 1, do: 'reset-after' })
  const { body } = await call('POST', '/users/anna/enable', { body: { revoke: 'none' }, ...wait })
  t.equal(body.state, 'succeeded', JSON.stringify(body.problem))
  t.match(body.steps.at(-1), { name: 'enable-user', state: 'skipped' }, 'there was nothing left to do')
  t.same(await types(), ['account-enabled'])
})

t.test('who was let in and had to be shut out again is told so, in that order', async (t) => {
  const { call, sandbox, types } = await outboxOf(t)
  leaver(sandbox, { enabled: false })
  sandbox.addFault({
    match: { method: 'GET', pathRegex: '/settings/user/security' },
    times: 1,
    do: '503-maintenance'
  })
  const { body } = await call('POST', '/users/lea/enable', wait)
  t.equal(body.state, 'succeeded', JSON.stringify(body.problem))
  const all = (await types()).filter((type) => type?.startsWith('account-'))
  t.same(all, ['account-enabled', 'account-disabled', 'account-enabled'])
})

t.test('what failed, or is not known to have happened, is not told', async (t) => {
  const { call, sandbox, types } = await outboxOf(t, { env: { RETRY_GIVE_UP_HOURS: '0.0001' } })
  sandbox.createUser({ id: 'anna', password: 'Old-Password-4711', email: 'anna@example.org' })
  sandbox.addFault({ match: { method: 'GET', pathRegex: '/settings/user/security' }, do: 'html-500' })
  const { body } = await call('POST', '/users/anna/reset', wait)
  t.equal(body.state, 'needs-attention')
  t.same([...new Set(await types())], ['credential-change'], 'whether anything is revoked nobody knows')
})

t.test('what follows from a campaign is by policy', async (t) => {
  const { PUBLIC_URL: _, ...env } = transmits
  const { sandbox, world, call, ...here } = await startCampaigning(t, { env })
  await makeStream(call)
  people(sandbox, 1)
  const path = await here.begin({ remindAfter: [], minimumResponse: 0 })
  await here.asked(path, 1)
  await letPass(world.pool, { days: 15 })
  await here.once(path, 'ended')
  const { rows } = await world.pool.query('SELECT type, data FROM webhook_delivery')
  t.match(rows, [{ type: accountDisabled, data: { kind: 'disable', policy: true } }])
})

t.test('without a stream an event costs no statement more', async (t) => {
  const { call, sandbox, world } = await startLocksmith(t, { env: transmits })
  sandbox.createUser({ id: 'anna', password: 'Old-Password-4711', email: 'anna@example.org' })
  const statements: string[] = []
  world.pool.on('acquire', (client) => {
    if ('watched' in client) return
    const query = client.query
    Object.assign(client, {
      watched: true,
      query(...args: unknown[]) {
        statements.push(String(args[0]))
        return Reflect.apply(query, client, args)
      }
    })
  })
  const { body } = await call('POST', '/users/anna/reset', wait)
  t.equal(body.state, 'succeeded')
  const audit = statements.filter((text) => text.includes("nextval('audit_seq')"))
  t.ok(audit.length > 8, 'events were written')
  t.same(
    statements.filter((text) => text.includes('AS "isPasswordOpen"')),
    [],
    'and no operation was looked up for them'
  )
})
