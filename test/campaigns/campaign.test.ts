import t from 'tap'
import { letPass, linkTo, people, press, startCampaigning } from '../support/campaigns.ts'
import { eventually } from '../support/locksmith.ts'

/** In CI a fifth of them; `test:faults` asks 1,000. */
const asked = Number(process.env.PEOPLE ?? 200)
const share = (percent: number) => (asked * percent) / 100

t.test(
  `of ${asked} people over 14 days exactly the ${share(25)} who are silent are locked out, after two reminders and one approval`,
  async (t) => {
    const here = await startCampaigning(t, { env: { BRAKE_LOCK_OUTS: '5', BRAKE_PERCENT: '5' } })
    const { sandbox, world, call } = here
    const ids = people(sandbox, asked)
    const confirming = ids.slice(0, share(70))
    const bouncing = ids.slice(share(70), share(75))
    const silent = ids.slice(share(75))
    for (const id of bouncing) sandbox.treatMail(`${id}@customer.example`, 'reject')
    const path = await here.begin()
    await here.once(path, 'open')
    await letPass(world.pool, { hours: 1 })
    // A third answers the first mail, others the first or second reminder.
    let open = share(95)
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
    const ofSilent = pending.items.find(({ targets }: { targets: number }) => targets === share(25))
    t.match(ofSilent, { brakes: ['lock-out'], gathering: false })
    t.match(
      pending.items.find(({ targets }: { targets: number }) => targets === share(5)),
      { brakes: ['mail-bounced'] }
    )
    const disabled = () => sandbox.users().flatMap(({ id, enabled }) => (enabled ? [] : [id]))
    t.same(disabled(), [], 'nobody is locked out before')
    const { body: detail } = await call('GET', `/approvals/${ofSilent.id}`)
    t.same(detail.targets.map(({ userId }: { userId: string }) => userId).sort(), [...silent].sort())
    await here.approve(ofSilent.id)
    await eventually(disabled, (now) => now.length >= share(25), 60)
    t.same(disabled().sort(), [...silent].sort())

    for (const id of silent) {
      const mails = sandbox.mails({ to: `${id}@customer.example` })
      if (mails.length !== 3) t.fail(`${id} got ${mails.length} mails`)
    }
    t.equal(
      sandbox.calls().filter(({ path }) => path.endsWith('/disable?format=json')).length,
      share(25),
      'once each'
    )
    const bounced = pending.items.find(({ targets }: { targets: number }) => targets === share(5))
    t.equal((await call('POST', `/approvals/${bounced.id}/reject`, { body: {} })).status, 200)
    const over = await here.once(path, 'ended', 30)
    t.match(over.round.counts, {
      confirmed: share(70),
      acted: share(25),
      spared: share(5),
      failed: 0,
      asked: 0,
      waiting: 0
    })
  }
)
