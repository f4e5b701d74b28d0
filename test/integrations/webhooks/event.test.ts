import t from 'tap'
import { type AuditEvent, auditActions } from '../../../src/audit/event.ts'
import { webhookOf, webhookTypes } from '../../../src/integrations/webhooks/event.ts'
import { finalStates } from '../../../src/operations/operation.ts'

/** Details with everything that any of them has, secrets of people among it. */
const details = {
  problem: { code: 'gave-up', detail: 'private', last: {} },
  outcome: { user: { mailAddress: 'private' } },
  reason: 'private',
  approval: 'a1',
  kind: 'reset',
  targets: 2,
  hash: 'private',
  by: 'o2',
  brakes: ['private'],
  round: 3,
  counts: { private: 1 },
  name: 'private',
  mail: 'private'
}
const eventOf = (action: string) =>
  webhookOf({
    action,
    actor: 'key:private',
    userId: 'anna',
    operationId: 'o1',
    campaignId: 'c1',
    requestId: 'private',
    details
  } as unknown as AuditEvent)

t.test('what is told of each event of the audit', async (t) => {
  const told = Object.fromEntries(
    auditActions.flatMap((action) => {
      const event = eventOf(action)
      return event ? [[action, event]] : []
    })
  )
  t.matchOnlyStrict(Object.fromEntries(Object.entries(told).map(([action, { type }]) => [action, type])), {
    'operation.held': 'operation.awaiting-approval',
    'operation.superseded': 'operation.cancelled',
    ...Object.fromEntries(
      [
        ...finalStates.map((state) => `operation.${state}`),
        'approval.approved',
        'approval.rejected',
        'approval.expired',
        'service.stopped',
        'service.resumed',
        'campaign.opened',
        'campaign.aborted',
        'campaign.paused',
        'campaign.resumed',
        'campaign.closed',
        'campaign.round-ended',
        'campaign.cancelled'
      ].map((action) => [action, action])
    )
  })
  const made = new Set([...Object.values(told).map(({ type }) => type), 'approval.requested', 'webhook.test'])
  t.same([...made].toSorted(), webhookTypes.toSorted(), 'every type is told by something')
  t.notMatch(JSON.stringify(told), /private/)
})

t.test('its data', async (t) => {
  t.same(eventOf('operation.needs-attention')?.data, {
    operation: '/operations/o1',
    userId: 'anna',
    problem: 'gave-up'
  })
  t.same(eventOf('operation.superseded')?.data, {
    operation: '/operations/o1',
    userId: 'anna',
    supersededBy: '/operations/o2'
  })
  t.same(eventOf('operation.held')?.data, {
    operation: '/operations/o1',
    userId: 'anna',
    kind: 'reset',
    approval: '/approvals/a1'
  })
  t.same(eventOf('approval.expired')?.data, { approval: '/approvals/a1', kind: 'reset', targets: 2 })
  t.same(eventOf('campaign.closed')?.data, { campaign: '/campaigns/c1', round: 3 })
  t.same(eventOf('service.stopped')?.data, {})
})
