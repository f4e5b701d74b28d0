import { readFileSync } from 'node:fs'
import t from 'tap'
import { startDropping } from '../../support/dropping.ts'
import { count } from '../../support/keyed.ts'
import { firstKey, startLocksmith } from '../../support/locksmith.ts'
import { keepBusy } from './busy.ts'
import { runDefinition } from './logic-apps/workflow.ts'
import type { Json } from './strict.ts'

const definition = JSON.parse(
  readFileSync(new URL('../../../docs/integrations/power-automate.json', import.meta.url), 'utf8')
)
const offboard = (locksmithUrl: string, body: Json, isProblemJson = false) =>
  runDefinition(definition, {
    parameters: { locksmithUrl, apiKey: firstKey },
    body: { reason: 'last day 30 November', ...body },
    haste: 100,
    isProblemJson
  })

t.test('it off-boards a leaver; started twice for one ticket, once', async (t) => {
  const here = await startLocksmith(t, { sandbox: { seed: true } })
  const dropping = await startDropping(t, here.url)
  dropping.when = (request) => request.startsWith('POST /users/alice/offboard')
  dropping.left = 2
  const leaver = { userId: 'alice', ticket: '4711' }
  const { outputs, error } = await offboard(dropping.url, leaver)
  t.equal(dropping.dropped, 2, 'two answers were lost')
  t.equal(error, undefined)
  t.match(outputs.Off_boarded, /^alice is off-boarded\. Left: \{"tokens":0,/)
  t.equal((await offboard(here.url, leaver)).outputs.Off_boarded, outputs.Off_boarded)
  t.equal(await count(here, 'operation'), 1)
  const { error: again } = await offboard(here.url, { userId: 'alice' })
  t.equal(again, undefined)
  t.equal(await count(here, 'operation'), 2, 'without a ticket each run is another one')
})

for (const isProblemJson of [false, true])
  t.test(
    `it waits for what else works on the user, also where a problem comes as ${isProblemJson ? 'JSON' : 'base64'}`,
    async (t) => {
      const here = await startLocksmith(t, { sandbox: { seed: true } })
      await keepBusy(here)
      const running = offboard(here.url, { userId: 'alice', ticket: '4711' }, isProblemJson)
      setTimeout(() => here.sandbox.clearFaults(), 1_000)
      const { outputs, error } = await running
      t.equal(error, undefined)
      t.equal((outputs.Problem as Json).code, 'operation-already-running')
      t.match(outputs.Off_boarded, /^alice is off-boarded/)
    }
  )

t.test(
  'where a person is needed it fails, and says what for; where a second one decides it says where',
  async (t) => {
    const here = await startLocksmith(t, { sandbox: { seed: true }, env: { BRAKE_LOCK_OUTS: '1' } })
    t.match((await offboard(here.url, { userId: 'erin', ticket: '1' })).error, {
      code: 'needs-attention',
      message: /^erin: residual-access\. Not everything .* Operation: [\da-f-]{36}$/
    })
    const held = await offboard(here.url, { userId: 'bob', ticket: '2' })
    t.match(held.outputs.Tell_who_approves, / of bob: http:.*\/approvals\/[\da-f-]{36}$/)
    t.same((await offboard(here.url, { userId: 'nobody', ticket: '3' })).error, {
      code: 'Refused',
      message:
        'nobody is not off-boarded: 404 unknown-user. Nextcloud has no user "nobody". Nothing was done.'
    })
    const lost = await offboard('http://127.0.0.1:1', { userId: 'alice' })
    t.match(lost.error, { code: 'Refused', message: /^alice is not off-boarded/ })
  }
)
