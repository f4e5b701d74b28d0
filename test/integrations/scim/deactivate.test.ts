import t from 'tap'
import { activeIs, setStage } from './stage.ts'

t.test('active: false locks the user out, and what is answered is recorded', async (t) => {
  const { idp, operations, quiet, isEnabled, sandbox } = await setStage(t)
  const app = sandbox.createAppPassword('ann', 'Phone')
  const said = await idp('PATCH', '/Users/ann', activeIs(false))
  t.equal(said.status, 200, said.text)
  t.equal(said.headers.get('content-type'), 'application/scim+json; charset=utf-8')
  t.match(said.body, { id: 'ann', userName: 'ann', active: false })
  t.equal((await operations('ann')).length, 1)
  await quiet('ann')
  t.equal(isEnabled('ann'), false)
  t.not(sandbox.tryCredential({ user: 'ann', password: app.password }), 200)
  t.match(await idp('GET', '/Users/ann'), { status: 200, body: { active: false } }, 'and stays readable')
})
