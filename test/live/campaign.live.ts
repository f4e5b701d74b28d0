/** A whole campaign on a real Nextcloud: the variables of reset.live.ts. Its mails go to a server of the test's own. */
import t from 'tap'
import { startCampaigns } from '../../src/campaigns/loop.ts'
import { readConfig } from '../../src/config.ts'
import { Mailbox } from '../../src/sandbox/mail/mailbox.ts'
import { startSmtp } from '../../src/sandbox/mail/smtp.ts'
import { letPass, press } from '../support/campaigns.ts'
import { eventually, serve } from '../support/locksmith.ts'
import { freePort } from '../support/port.ts'
import { people } from './person.ts'

const { nextcloud: target } = readConfig()
if (!target) {
  t.fail('set NEXTCLOUD_URL, NEXTCLOUD_ADMIN_USER and NEXTCLOUD_ADMIN_PASSWORD')
  process.exit(1)
}
const live = people({ url: target.url.href.replace(/\/$/, ''), admin: target.admins[0]! })

t.test(
  'of three people the one who confirms is left alone, and the silent one and the one who left are disabled',
  async (t) => {
    const mailbox = new Mailbox(Date.now)
    const smtp = await startSmtp(mailbox, '127.0.0.1', 0)
    t.teardown(() => smtp.close())
    const port = await freePort()
    const users = await Promise.all([1, 2, 3].map(() => live.createUser()))
    t.teardown(() => Promise.all(users.map(({ user }) => live.removeUser(user).catch(() => {}))))
    const [stays, silent, leaves] = users.map(({ user }) => user) as [string, string, string]

    const { world, call } = await serve(t, {
      nextcloud: target,
      port,
      env: { PUBLIC_URL: `http://127.0.0.1:${port}` },
      smtp: { url: `smtp://127.0.0.1:${smtp.port}`, from: 'Locksmith <locksmith@example.org>' },
      campaigns: { everyMs: 200, checkMs: 200, toleranceSeconds: 40 * 86_400 }
    })
    const loop = startCampaigns(world)
    t.teardown(() => loop.stop())
    const body = {
      name: 'live',
      audience: { users: users.map(({ user }) => user.toUpperCase()) },
      owner: 'it@example.test',
      minimumResponse: 0,
      remindAfter: ['P7D']
    }
    const { body: dry } = await call('POST', '/campaigns?dryRun=true', { body })
    t.same(dry.in.users.toSorted(), [stays, silent, leaves].toSorted())
    const everybody = await call('POST', '/campaigns?dryRun=true', { body: { ...body, audience: {} } })
    t.ok(everybody.body.listed >= 4, 'the whole list is read')
    t.ok(everybody.body.out.some(({ reason }: { reason: string }) => reason === 'protected'))

    const path = `/campaigns/${(await call('POST', '/campaigns', { body })).body.id}`
    t.equal((await call('POST', `${path}/start`)).status, 200)
    const counts = async () => (await call('GET', path)).body.round.counts
    await eventually(counts, ({ asked }) => asked === 3, 60)
    const linkTo = (id: string) =>
      /https?:\/\/\S+\/confirm\/[\w-]+/.exec(mailbox.all({ to: `${id}@example.test` }).at(-1)!.text)![0]
    t.equal(await press(linkTo(stays)), 303)
    t.equal(await press(linkTo(leaves), 'left', true), 303)
    await eventually(counts, ({ acted }) => acted === 1, 60)
    await letPass(world.pool, { days: 8 })
    await eventually(
      () => mailbox.all({ to: `${silent}@example.test` }).length,
      (mails) => mails === 2
    )
    await letPass(world.pool, { days: 8 })
    await eventually(
      async () => (await call('GET', path)).body.state,
      (state) => state === 'ended',
      60
    )
    t.match(await counts(), { confirmed: 1, acted: 2 })
    const enabled = async (id: string) => (await live.asAdmin('GET', `/cloud/users/${id}`)).enabled
    t.same(await Promise.all([stays, silent, leaves].map(enabled)), [true, false, false])
    const { body: report } = await call('GET', `${path}/report?format=json`)
    t.equal(report.final, true)
  }
)
