import t from 'tap'
import { letPass, people, startCampaigning } from '../../support/campaigns.ts'
import { eventually } from '../../support/locksmith.ts'
import { makeKey } from './stage.ts'

t.test('a round tells how it goes, and asks for an approval once, when the list is whole', async (t) => {
  const { sandbox, world, call, ...here } = await startCampaigning(t, {
    env: { BRAKE_LOCK_OUTS: '1', BRAKE_PERCENT: '0', WEBHOOK_ENCRYPTION_KEY: makeKey() }
  })
  const { id } = (await call('POST', '/webhooks', { body: { url: 'https://example.org/' } })).body
  people(sandbox, 3)
  const path = await here.begin({ remindAfter: [], minimumResponse: 0 })
  await here.asked(path, 3)
  await letPass(world.pool, { days: 15 })
  await here.once(path, 'acting')
  const [approval] = (await call('GET', '/approvals')).body.items
  await here.approve(approval.id)
  await here.once(path, 'ended')
  const { items } = await eventually(
    async () => (await call('GET', `/webhooks/${id}/deliveries`)).body,
    ({ items }) => items.some(({ type }: { type: string }) => type === 'campaign.round-ended')
  )
  const told: { type: string; data: object }[] = items
  const count = Object.fromEntries(
    [...Map.groupBy(told, ({ type }) => type)].map(([type, list]) => [type, list.length])
  )
  t.same(count, {
    'campaign.opened': 1,
    'campaign.closed': 1,
    'operation.awaiting-approval': 3,
    'approval.requested': 1,
    'approval.approved': 1,
    'operation.succeeded': 3,
    'campaign.round-ended': 1
  })
  const data = (type: string) => told.find((each) => each.type === type)?.data
  t.same(data('campaign.closed'), { campaign: path, round: 1 })
  t.same(data('approval.requested'), { approval: `/approvals/${approval.id}`, kind: 'disable' })
  t.match(data('operation.succeeded'), { kind: 'disable', userId: /^person-/ })
})
