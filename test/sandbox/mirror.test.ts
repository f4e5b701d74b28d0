import t from 'tap'
import { askForMail, createAnn, newestLink, sandboxFor } from './client.ts'

t.test('the tables can be kept in step: rows go out, deletions come in', async (t) => {
  const sandbox = await sandboxFor(t)
  createAnn(sandbox)
  await askForMail(sandbox, 'ann')
  const { authtokens, preferences } = sandbox.exportTokens()
  t.match(authtokens, [
    { uid: 'ann', type: 0, version: 2, password_invalid: false, expires: null },
    { uid: 'ann', login_name: 'ann', type: 1, name: 'Phone' }
  ])
  t.equal(new Set(authtokens.map(({ token }) => token)).size, 2)
  t.match(preferences, [{ userid: 'ann', appid: 'core', configkey: 'lostpassword' }])
  sandbox.importDeletions({ tokenIds: [authtokens[0]!.id, 4711], resetLinksOf: ['ANN', 'nobody'] })
  t.match(sandbox.exportTokens(), { authtokens: [{ type: 1 }], preferences: [{ userid: 'ann' }] })
  const link = newestLink(sandbox, 'ann@acme.example')
  sandbox.importDeletions({ resetLinksOf: ['ann'] })
  t.match(sandbox.exportTokens(), { preferences: [] })
  t.match(sandbox.completeReset(link, 'Another-Secret-8842x'), { ok: false })
})

t.test('when an account was enabled and disabled is known afterwards, and by whom', async (t) => {
  const start = 1_800_000_000_000
  const sandbox = await sandboxFor(t, { clock: () => start })
  createAnn(sandbox)
  const put = (what: string) =>
    fetch(`${sandbox.url}/ocs/v2.php/cloud/users/ann/${what}`, {
      method: 'PUT',
      headers: {
        'OCS-APIRequest': 'true',
        Authorization: `Basic ${btoa(`${sandbox.admin.user}:${sandbox.admin.password}`)}`
      }
    })
  sandbox.updateUser('ann', { enabled: false })
  sandbox.advanceClock(10)
  await put('enable')
  await put('enable')
  sandbox.advanceClock(3)
  await put('disable')
  const admin = { by: 'admin', actor: 'admin' }
  t.strictSame(sandbox.enabledHistory('ann'), [
    { enabled: true, at: start, by: 'created', actor: null },
    { enabled: false, at: start, by: 'updateUser', actor: null },
    { enabled: true, at: start + 10_000, ...admin },
    { enabled: false, at: start + 13_000, ...admin }
  ])
})
