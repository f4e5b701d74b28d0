import t from 'tap'
import { linkTo, people, press, speedUp, startCampaigning } from '../support/campaigns.ts'
import { eventually } from '../support/locksmith.ts'

t.test(
  'of 1,000 people over 14 days exactly the 250 who are silent are locked out, after two reminders and one approval',
  async (t) => {
    const here = await startCampaigning(t, {
      env: { BRAKE_LOCK_OUTS: '25', BRAKE_PERCENT: '5' },
      campaigns: { checkMs: 100, toleranceSeconds: 3 * 86_400 }
    })
    const { sandbox, world, call } = here
    const ids = people(sandbox, 1_000)
    const confirming = ids.slice(0, 700)
    const bouncing = ids.slice(700, 750)
    const silent = ids.slice(750)
    for (const id of bouncing) sandbox.treatMail(`${id}@customer.example`, 'reject')
    await speedUp(world.pool, 30_000)
    const path = await here.begin()
    await here.once(path, 'open')

    // A third answers the first mail, others the reminders.
    const waiting = new Set(confirming)
    await eventually(
      async () => {
        for (const [n, id] of confirming.entries()) {
          if (!waiting.has(id)) continue
          const mails = sandbox.mails({ to: `${id}@customer.example` })
          if (mails.length <= n % 3) continue
          t.equal(await press(linkTo(sandbox, id)!), 303)
          waiting.delete(id)
        }
        return waiting.size
      },
      (left) => left === 0,
      60
    )
    await here.once(path, 'acting', 60)
    await speedUp(world.pool, 1)

    const { body: pending } = await call('GET', '/approvals?state=pending')
    t.equal(pending.items.length, 2, 'those who were silent, and those whose mail came back')
    const ofSilent = pending.items.find(({ targets }: { targets: number }) => targets === 250)
    t.match(ofSilent, { brakes: ['lock-out'], gathering: false })
    t.match(
      pending.items.find(({ targets }: { targets: number }) => targets === 50),
      { brakes: ['mail-bounced'] }
    )
    const disabled = () => sandbox.users().flatMap(({ id, enabled }) => (enabled ? [] : [id]))
    t.same(disabled(), [], 'nobody is locked out before')
    const { body: detail } = await call('GET', `/approvals/${ofSilent.id}`)
    t.same(detail.targets.map(({ userId }: { userId: string }) => userId).sort(), [...silent].sort())
    await here.approve(ofSilent.id)
    await eventually(disabled, (now) => now.length >= 250, 60)
    t.same(disabled().sort(), [...silent].sort())

    for (const id of silent) {
      const mails = sandbox.mails({ to: `${id}@customer.example` })
      if (mails.length !== 3) t.fail(`${id} got ${mails.length} mails`)
    }
    t.equal(
      sandbox.calls().filter(({ path }) => path.endsWith('/disable?format=json')).length,
      250,
      'once each'
    )
    const bounced = pending.items.find(({ targets }: { targets: number }) => targets === 50)
    t.equal((await call('POST', `/approvals/${bounced.id}/reject`, { body: {} })).status, 200)
    const over = await here.once(path, 'ended', 30)
    t.match(over.round.counts, { confirmed: 700, acted: 250, spared: 50, failed: 0, asked: 0, waiting: 0 })
  }
)
