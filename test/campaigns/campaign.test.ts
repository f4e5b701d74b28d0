import t from 'tap'
import { letPass, linkTo, people, press, startCampaigning } from '../support/campaigns.ts'
import { eventually } from '../support/locksmith.ts'

t.test(
  'of 1,000 people over 14 days exactly the 250 who are silent are locked out, after two reminders and one approval',
  async (t) => {
    const here = await startCampaigning(t, { env: { BRAKE_LOCK_OUTS: '25', BRAKE_PERCENT: '5' } })
    const { sandbox, world, call } = here
    const ids = people(sandbox, 1_000)
    const confirming = ids.slice(0, 700)
    const bouncing = ids.slice(700, 750)
    const silent = ids.slice(750)
    for (const id of bouncing) sandbox.treatMail(`${id}@customer.example`, 'reject')
    const path = await here.begin()
    await here.once(path, 'open')
    await letPass(world.pool, { hours: 1 })
    // A third answers the first mail, others the first or second reminder.
    let open = 950
    for (const [number, days] of [7, 5, 2].entries()) {
      await eventually(
        async () =>
          (
            await world.pool.query(
              `SELECT FROM participant WHERE state = 'asked' AND mail_claim IS NULL AND coalesce(next_mail, 3) = $1`,
              [number + 1]
            )
          ).rowCount,
        (mailed) => mailed === open,
        60
      )
      const now = confirming.filter((_, n) => n % 3 === number)
      for (const id of now) if ((await press(linkTo(sandbox, id)!)) !== 303) t.fail(`${id} could not confirm`)
      open -= now.length
      await letPass(world.pool, { days, hours: 1 })
    }
    await here.once(path, 'acting', 60)

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
