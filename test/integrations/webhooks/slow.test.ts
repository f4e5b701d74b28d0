import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { startDeliveries } from '../../../src/integrations/webhooks/loop.ts'
import { eventually } from '../../support/locksmith.ts'
import { startStage } from './stage.ts'

const stage = await startStage(t, { loop: false })
t.afterEach(() => stage.clear())

t.test('a slow endpoint delays no other', async (t) => {
  const { hook, tell, world } = stage
  const running = startDeliveries(world, { everyMs: 20, timeoutMs: 20_000, graceMs: 100 })
  t.teardown(() => running.stop())
  const slow = await hook(() => undefined)
  const others = [await hook(), await hook()]
  await tell(40)
  for (const { receiver } of others)
    await eventually(
      () => receiver.accepted.length,
      (n) => n === 40,
      18
    )
  t.equal(slow.receiver.received.length, 4, 'the others had all 40 before the slow one had answered at all')
  t.equal(slow.receiver.busy.most, 4, 'and that one has four at once')
  for (const { receiver } of others) t.ok(receiver.busy.most <= 4)
})

t.test('several processes: each webhook is sent once', async (t) => {
  const { hook, tell, world, quiet, deliveries } = stage
  const crew = [1, 2, 3].map(() => startDeliveries(world, { everyMs: 10, atOnce: 3 }))
  t.teardown(() => Promise.all(crew.map((each) => each.stop())))
  const { receiver, id } = await hook(async () => {
    await sleep(5)
    return 204
  })
  await tell(150)
  await quiet()
  t.equal(receiver.received.length, 150)
  t.equal(new Set(receiver.received.map(({ id }) => id)).size, 150)
  t.ok((await deliveries(id)).every(({ state, attempts }) => state === 'delivered' && attempts === 1))
})

t.test(
  'who is at it has it for a minute; then, or once that process has ended, others take over',
  async (t) => {
    const { hook, tell, world, pass, quiet, deliveries } = stage
    const { receiver, id } = await hook()
    const claimedBy = (key: number | undefined) =>
      world.pool.query(
        `UPDATE webhook_delivery SET claim = gen_random_uuid(), claimed_by = $1,
              claimed_until = locksmith_now() + interval '60 seconds' WHERE state = 'pending'`,
        [key]
      )
    await tell()
    // Whoever that is lives, and says nothing: this very process.
    await claimedBy(world.presence.key())
    const running = startDeliveries(world, { everyMs: 10 })
    t.teardown(() => running.stop())
    await sleep(300)
    t.equal(receiver.received.length, 0)
    await pass(61)
    await quiet()
    t.match(await deliveries(id), [{ state: 'delivered', attempts: 1 }])
    await running.stop()

    await tell()
    const nobody = 1
    await claimedBy(nobody)
    const others = startDeliveries(world, { everyMs: 10 })
    t.teardown(() => others.stop())
    await quiet()
    t.equal(receiver.accepted.length, 2)
  }
)

t.test('a shutdown gives back what is under way, and it counts as no try', async (t) => {
  const { hook, tell, world, deliveries } = stage
  const { receiver, id } = await hook(() => undefined)
  const running = startDeliveries(world, { everyMs: 10, graceMs: 200 })
  await tell()
  await eventually(
    () => receiver.received.length,
    (n) => n === 1
  )
  const started = performance.now()
  await running.stop()
  t.ok(performance.now() - started < 2_000)
  t.match(await deliveries(id), [{ state: 'pending', attempts: 0, claim: null }])
})
