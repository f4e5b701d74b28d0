import t from 'tap'
import type { StepContext } from '../../src/operations/step.ts'
import { wipeDevices } from '../../src/operations/steps/wipe-devices.ts'
import type { RevokeResult } from '../../src/revocation/driver.ts'
import { byOcc, leaver } from '../support/leaver.ts'
import { startLocksmith } from '../support/locksmith.ts'

const wait = { headers: { prefer: 'wait=30' } }

t.test('nobody keeps devices from being wiped by having more of them than occ lists', async (t) => {
  const { call, sandbox } = await startLocksmith(t, { ways: byOcc })
  leaver(sandbox)
  for (let i = 0; i < 1_000; i++) sandbox.createAppPassword('lea', `App ${i}`)
  const { body } = await call('POST', '/users/lea/wipe', wait)
  t.match(body, { state: 'succeeded', outcome: { wipe: 'asked', wipePending: 'unknown' } })
  t.equal(sandbox.tokens('lea').filter(({ type }) => type === 2).length, 1_000, 'as many as Nextcloud marks')
})

t.test('tokens that are seen not to be marked keep a wipe from being reported as done', async (t) => {
  const result = { kind: 'revoked', remaining: 3, wipePending: 2 } as RevokeResult
  const context = {
    operation: { id: 'x', userId: 'lea' },
    drivers: { wipe: async () => ({ revoke: async () => result }) }
  } as unknown as StepContext
  t.match(await wipeDevices.run(context), {
    kind: 'refused',
    problem: { code: 'tokens-remain' },
    outcome: { wipe: 'asked', wipePending: 2, remaining: 3 }
  })
})
