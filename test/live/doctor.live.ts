/** The doctor on a real Nextcloud, with an admin account that works: as in reset.live.ts. It changes nothing there. */
import t from 'tap'
import { readConfig } from '../../src/config.ts'
import { subjectOf } from '../../src/doctor/doctor.routes.ts'
import { examine } from '../../src/doctor/doctor.ts'
import { of } from '../support/doctor.ts'
import { serve } from '../support/locksmith.ts'
import { people } from './person.ts'

const { nextcloud } = readConfig()
if (!nextcloud) {
  t.fail('set NEXTCLOUD_URL, NEXTCLOUD_ADMIN_USER and NEXTCLOUD_ADMIN_PASSWORD')
  process.exit(1)
}
const [admin] = nextcloud.admins as [{ user: string; password: string }]
const live = people({ url: nextcloud.url.href.replace(/\/$/, ''), admin })

t.test('everything can be asked, and a server that is well has no error', { timeout: 60_000 }, async (t) => {
  const { world } = await serve(t, { nextcloud, worker: false })
  const report = await examine(subjectOf(world))
  for (const { state, name, about, found, mend } of report.findings)
    t.comment(`${state} ${name} ${about ?? ''}: ${found} ${state === 'ok' ? '' : (mend ?? '')}`)
  t.not(report.state, 'error')
  t.strictSame(
    report.findings.filter(({ state }) => state === 'unknown'),
    []
  )
  t.match(of(report, 'own-address').found, /sees us as [\d.:a-f]+/)
  t.notMatch(JSON.stringify(report), admin.password)
})

t.test('an app password is told from the real one', { timeout: 60_000 }, async (t) => {
  const own = await live.appPassword(admin)
  t.teardown(async () => {
    // The app password removes itself, so that nothing is left.
    await fetch(`${nextcloud.url.href.replace(/\/$/, '')}/ocs/v2.php/core/apppassword`, {
      method: 'DELETE',
      headers: { 'ocs-apirequest': 'true', authorization: `Basic ${btoa(`${own.user}:${own.password}`)}` }
    })
  })
  const { world } = await serve(t, { nextcloud: { ...nextcloud, admins: [own] }, worker: false })
  const report = await examine(subjectOf(world))
  const mayChange = Number(report.nextcloud?.split('.')[0]) < 34
  t.match(of(report, 'admin-account'), { state: 'ok' })
  t.match(of(report, 'admin-password'), {
    state: mayChange ? 'ok' : 'error',
    found: /app password/
  })
})

t.test(
  'where links will lead is what Nextcloud builds for the public address',
  { timeout: 60_000 },
  async (t) => {
    const { world } = await serve(t, { nextcloud, worker: false })
    const finding = of(await examine(subjectOf(world)), 'reset-links')
    if (finding.state === 'ok' || finding.state === 'warning')
      t.match(finding.found, nextcloud.publicUrl.host)
  }
)
