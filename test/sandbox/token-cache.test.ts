import t from 'tap'
import { call, createAnn, ocs, sandboxFor } from './client.ts'

const frozen = { clock: () => 1_800_000_000_000 }

t.test('a token that occ deletes works for ten seconds more where it was used shortly before', async (t) => {
  const sandbox = await sandboxFor(t, frozen)
  const { browser, app } = createAnn(sandbox)
  sandbox.advanceClock(61)
  for (const credential of [browser, app]) t.equal(sandbox.tryCredential(credential), 200)
  sandbox.advanceClock(5)
  t.equal(sandbox.occ(['user:auth-tokens:delete', 'ann', '--last-used-before=2000000000']).exit, 0)
  t.strictSame(sandbox.tokens('ann'), [])
  sandbox.advanceClock(4.9)
  for (const credential of [browser, app]) t.equal(sandbox.tryCredential(credential), 200)
  sandbox.advanceClock(0.1)
  for (const credential of [browser, app]) t.equal(sandbox.tryCredential(credential), 401)
})

t.test('one that nobody used lately is dead at once', async (t) => {
  const sandbox = await sandboxFor(t, frozen)
  const { app } = createAnn(sandbox)
  sandbox.advanceClock(60)
  sandbox.importDeletions({ tokenIds: sandbox.tokens('ann').map(({ id }) => id) })
  t.equal(sandbox.tryCredential(app), 401)
})

t.test('over HTTP a token dies at once, even one that the cache still knows', async (t) => {
  const sandbox = await sandboxFor(t, frozen)
  const { app } = createAnn(sandbox)
  t.equal(sandbox.tryCredential(app), 200)
  await call(sandbox, 'DELETE', `${ocs}/core/apppassword`, { as: app })
  t.equal(sandbox.tryCredential(app), 401)
})

t.test('logging out ends a session that was deleted behind the cache', async (t) => {
  const sandbox = await sandboxFor(t, frozen)
  const { browser } = createAnn(sandbox)
  t.equal(sandbox.tryCredential(browser), 200)
  sandbox.importDeletions({ tokenIds: sandbox.tokens('ann').map(({ id }) => id) })
  t.equal(sandbox.tryCredential(browser), 200)
  await call(sandbox, 'GET', '/index.php/logout', { as: browser })
  t.equal(sandbox.tryCredential(browser), 401)
})

t.test(
  'a use that is written down makes the cache remember a deleted token for ten seconds more',
  async (t) => {
    const sandbox = await sandboxFor(t, frozen)
    const { app } = createAnn(sandbox)
    // As real servers do: the first use more than a minute after the last one that was written down.
    sandbox.advanceClock(58)
    t.equal(sandbox.tryCredential(app), 200)
    sandbox.importDeletions({ tokenIds: sandbox.tokens('ann').map(({ id }) => id) })
    sandbox.advanceClock(5)
    t.equal(sandbox.tryCredential(app), 200)
    sandbox.advanceClock(9.9)
    t.equal(sandbox.tryCredential(app), 200)
    sandbox.advanceClock(0.1)
    t.equal(sandbox.tryCredential(app), 401, 'twenty seconds at most')
  }
)
