import { readFileSync } from 'node:fs'
import t from 'tap'
import { auditActions } from '../../../src/audit/event.ts'
import { toEcs } from '../../../src/audit/forward/ecs.ts'
import { ecsKinds } from '../../../src/audit/forward/kinds.ts'
import { rowsOf } from '../../docs/tables.ts'
import { eventOf, hostile } from './events.ts'

/** As ECS 8.17 lists them: the types that it expects beside each category, of those that occur here. */
const expectedTypes: Record<string, string[]> = {
  iam: ['admin', 'change', 'creation', 'deletion', 'group', 'info', 'user'],
  configuration: ['access', 'change', 'creation', 'deletion', 'info'],
  authentication: ['start', 'end', 'info'],
  email: ['info']
}

const full = eventOf({
  index: 41,
  actor: 'key:billing',
  sourceAddress: '10.0.0.7',
  campaignId: '0190a0b0-0000-7000-8000-000000000002',
  requestId: 'req-1',
  outcome: 'failure',
  details: { reason: 'phone lost', problem: { code: 'gave-up', detail: 'Tried for 24 hours.', status: 502 } }
})

/** The paths of all members; of `locksmith.details` only that. */
function pathsOf(value: unknown, path = ''): string[] {
  const isLeaf = typeof value !== 'object' || value === null || Array.isArray(value)
  if (isLeaf || path === 'locksmith.details') return [path]
  return Object.entries(value).flatMap(([name, member]) => pathsOf(member, path ? `${path}.${name}` : name))
}

t.test('an event is put into fields of ECS', async (t) => {
  const { service, ...ecs } = toEcs(full)
  t.match(service, { name: 'locksmith', type: 'locksmith', version: /^\d+\./ })
  t.strictSame(ecs, {
    '@timestamp': '2026-11-29T17:00:00.123456Z',
    ecs: { version: '8.17.0' },
    message: 'step.done of alice by key:billing',
    event: {
      kind: 'event',
      category: ['iam'],
      type: ['user', 'change'],
      action: 'step.done',
      outcome: 'failure',
      id: full.hash,
      hash: full.hash,
      sequence: 83,
      reason: 'phone lost',
      provider: 'locksmith',
      module: 'locksmith',
      dataset: 'locksmith.audit'
    },
    error: { code: 'gave-up', message: 'Tried for 24 hours.' },
    user: { id: 'key:billing', name: 'billing', target: { id: 'alice', name: 'alice' } },
    source: { address: '10.0.0.7', ip: '10.0.0.7' },
    related: { user: ['billing', 'alice'], ip: ['10.0.0.7'] },
    http: { request: { id: 'req-1' } },
    locksmith: {
      audit: { index: 41 },
      actor: { kind: 'key' },
      operation: { id: full.operationId },
      campaign: { id: full.campaignId },
      details: full.details
    }
  })
})

t.test('every action has a category, and types that ECS expects beside it', async (t) => {
  for (const action of auditActions) {
    const { category, type } = ecsKinds[action]
    t.ok(type.length > 0 && type.every((each) => expectedTypes[category]?.includes(each)), action)
  }
})

t.test('what is not known has no member', async (t) => {
  const bare = eventOf({ userId: null, operationId: null, outcome: null, details: {} })
  const ecs = toEcs(bare)
  t.strictSame(Object.keys(ecs), [
    '@timestamp',
    'ecs',
    'message',
    'event',
    'user',
    'related',
    'service',
    'locksmith'
  ])
  for (const event of [bare, full, hostile]) {
    const json = JSON.stringify(toEcs(event))
    t.notMatch(json, /:null\b/)
    t.strictSame(JSON.parse(json), toEcs(event), 'nothing is undefined')
  }
  t.equal(ecs.message, 'step.done by system')
})

t.test('only what is an IP address is in source.ip, since other documents would be refused', async (t) => {
  for (const [sourceAddress, isIp] of [
    ['10.0.0.7', true],
    ['2001:db8::1', true],
    ['::ffff:10.0.0.7', true],
    ['fe80::1%eth0', false],
    ['unix:', false],
    ['somebody-4711', false]
  ] as const) {
    const { source, related } = toEcs(eventOf({ sourceAddress }))
    t.strictSame(source, { address: sourceAddress, ...(isIp && { ip: sourceAddress }) })
    t.equal('ip' in (related as object), isIp)
  }
})

t.test('details of any shape become neither a reason nor an error that they are not', async (t) => {
  for (const details of [
    { reason: 7 },
    { reason: ['x'] },
    { problem: 'gone' },
    { problem: null },
    { problem: { detail: 'x' } }
  ]) {
    const ecs = toEcs(eventOf({ details }))
    t.notOk('reason' in ecs.event || 'error' in ecs, JSON.stringify(details))
  }
})

t.test('the page about forwarding lists every field that there can be, and no other', async (t) => {
  const page = readFileSync(new URL('../../../docs/AUDIT-FORWARDING.md', import.meta.url), 'utf8')
  const [, section] = page.split('\n## Fields')
  const listed = rowsOf(section!.split('\n## ')[0]!).flatMap(
    ([cell = '']) => /^`([^`]+)`/.exec(cell)?.[1] ?? []
  )
  t.strictSame(
    listed.toSorted(),
    [...new Set([...pathsOf(toEcs(full)), 'tags', 'locksmith.details_bytes'])].sort()
  )
})
