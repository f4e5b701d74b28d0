import t from 'tap'
import { viewOf as auditViewOf } from '../../src/audit/audit.schema.ts'
import { listAudit } from '../../src/audit/audit.sql.ts'
import { problemOf } from '../../src/errors.ts'
import { viewOf } from '../../src/operations/operation.schema.ts'
import { findOperation } from '../../src/operations/operation.sql.ts'
import type { Outcome } from '../../src/operations/operation.ts'
import { startLocksmith } from '../support/locksmith.ts'

/** Every member there is: one that is new fails the types here, and then the test if the schema lacks it. */
const everything: Required<Outcome> & { mail: Required<Required<Outcome>['mail']> } = {
  user: {
    id: 'alice',
    displayName: 'Alice Archer',
    mailAddress: null,
    language: null,
    enabled: true,
    backend: 'Database',
    lastLogin: '2026-11-23T16:03:11.000Z'
  },
  driver: { name: 'session', because: 'it passes', pastSecondFactor: true },
  passwordReplaced: 'unknown',
  secondFactorsRemoved: ['totp'],
  revoked: { sessions: 2, appPasswords: 3 },
  remaining: 'unknown',
  kept: { sessions: 0, appPasswords: 1 },
  passkeys: { deleted: 1, remaining: 'unknown' },
  shares: { deleted: 1, publicLinks: 'unknown', federatedShares: 2 },
  wipe: 'asked',
  wipePending: 1,
  earlierResetLink: 'unknown',
  enabled: false,
  windows: [
    { from: '2026-11-23T16:03:11.000Z', to: '2026-11-23T16:03:12.000Z' },
    { from: '2026-11-23T16:03:13.000Z', to: null }
  ],
  groupsRemoved: ['acme'],
  groupsRestored: ['acme'],
  groupsMissing: ['globex'],
  residualAccess: {
    tokens: 'unknown',
    wipePending: 1,
    resetLink: 1,
    passkeys: 'unknown',
    publicLinks: 2,
    federatedShares: 0
  },
  deletion: { operation: '/operations/01a20925-a3e6-7000-811c-b7882fb98860', at: '2026-12-23T16:03:11.000Z' },
  deleted: true,
  notice: { to: 'boss@acme.example', delivery: 'accepted' },
  mail: { via: 'smtp', delivery: 'rejected', to: 'alice@acme.example' }
}

const problem = problemOf('address-changed', 'It changed.', {
  before: null,
  after: 'mallory@example.net',
  more: { deep: [{ er: [1, null, 'x'] }] }
})

t.test(
  'an answer has every member of what it shows, problems with members of their own included',
  async (t) => {
    const { call, world } = await startLocksmith(t, { sandbox: { seed: true } })
    const { body } = await call('POST', '/users/alice/reset', {
      body: { reason: 'ünï "quoted" \u2028 𝄞' },
      headers: { prefer: 'wait=20' }
    })
    const same = async (why: string) => {
      const row = (await findOperation(world.pool, body.id))!
      const shown = JSON.parse(JSON.stringify(viewOf(row)))
      t.strictSame(JSON.parse((await call('GET', `/operations/${body.id}`)).text), shown, why)
      t.strictSame(JSON.parse((await call('GET', '/operations')).text).items, [shown], `${why}, in the list`)
      return row
    }
    t.equal((await same('as it succeeded')).steps.filter(({ outcome }) => outcome).length, 4)

    await world.pool.query(
      `UPDATE operation_step SET outcome = $2, problem = $3, state = 'failed' WHERE operation_id = $1 AND name = 'send-reset-mail'`,
      [body.id, everything, problem]
    )
    await world.pool.query(
      `UPDATE operation SET problem = $2, resume_at = now(), superseded_by = id WHERE id = $1`,
      [body.id, problem]
    )
    const row = await same('with every member that there is')
    t.strictSame(viewOf(row).outcome, everything)
    t.strictSame(row.problem, problem)
  }
)

t.test('an audit event is shown with all its details', async (t) => {
  const { call, world } = await startLocksmith(t, { sandbox: { seed: true } })
  await call('POST', '/users/alice/reset', { headers: { prefer: 'wait=20' } })
  const rows = (await listAudit(world.pool, {}, { limit: 100 })).map(auditViewOf)
  t.ok(rows.length >= 9)
  t.strictSame(
    JSON.parse((await call('GET', '/audit')).text).items,
    JSON.parse(JSON.stringify(rows)),
    'none dropped'
  )
})

t.test(
  'no answer can be run, framed or sniffed, and the docs load nothing but their own files',
  async (t) => {
    const { call } = await startLocksmith(t)
    const policyOf = async (path: string) => {
      const { headers } = await call('GET', path)
      t.equal(headers.get('x-content-type-options'), 'nosniff', path)
      t.equal(headers.get('x-frame-options'), 'DENY', path)
      return headers.get('content-security-policy')
    }
    for (const path of ['/users', '/health/ready', '/openapi.json', '/no-such-route'])
      t.equal(await policyOf(path), "default-src 'none';frame-ancestors 'none'", path)
    for (const path of ['/docs', '/docs/json', '/docs/static/swagger-ui-bundle.js']) {
      const policy = (await policyOf(path))!
      t.match(policy, "default-src 'none'")
      t.match(policy, "script-src 'self';")
      t.notMatch(policy, /unsafe|https?:|\*|upgrade/, path)
    }
  }
)
