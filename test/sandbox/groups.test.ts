import t from 'tap'
import { call, codes, ocs, password, sandboxFor } from './client.ts'

t.test('a group admin keeps itself and whom it looks after in the group', async (t) => {
  const sandbox = await sandboxFor(t)
  sandbox.createUser({ id: 'lead', password, groups: ['acme'], subadminOf: ['acme', 'globex'] })
  sandbox.createUser({ id: 'ann', password, groups: ['acme'] })
  const leave = async (user: string, groupid: string) => {
    const answer = await call(sandbox, 'DELETE', `${ocs}/cloud/users/${user}/groups`, {
      as: { user: 'lead', password },
      form: { groupid }
    })
    return `${codes(answer)} ${answer.data.ocs.meta.message}`
  }
  t.match(await leave('lead', 'acme'), /^400\/105 Cannot remove yourself from this group/)
  t.match(await leave('ann', 'acme'), /^400\/105 Not viable to remove user from the last group/)
  sandbox.updateUser('ann', { groups: ['acme', 'globex'] })
  t.match(await leave('ann', 'acme'), /^200\/200/)
  t.match(await leave('ann', 'admin'), /^400\/104/)
})

t.test('leaving a group one is not in is a success, too', async (t) => {
  const sandbox = await sandboxFor(t)
  sandbox.createUser({ id: 'ann', password })
  sandbox.createGroup('acme')
  const answer = await call(sandbox, 'DELETE', `${ocs}/cloud/users/ann/groups`, {
    as: sandbox.admin,
    form: { groupid: 'acme' }
  })
  t.equal(codes(answer), '200/200')
})

t.test('being the admin of a group ends by itself, not with the membership', async (t) => {
  const sandbox = await sandboxFor(t)
  sandbox.createUser({ id: 'lead', password, groups: ['acme'], subadminOf: ['acme'] })
  const ask = (method: string, what: string) =>
    call(sandbox, method, `${ocs}/cloud/users/lead/${what}`, {
      as: sandbox.admin,
      ...(method !== 'GET' && { form: { groupid: 'acme' } })
    })
  t.equal(codes(await ask('DELETE', 'groups')), '200/200')
  t.strictSame((await ask('GET', 'subadmins')).data.ocs.data, ['acme'])
  t.equal(codes(await ask('DELETE', 'subadmins')), '200/200')
  t.strictSame((await ask('GET', 'subadmins')).data.ocs.data, [])
  t.equal(codes(await ask('DELETE', 'subadmins')), '400/102')
  t.equal(codes(await ask('POST', 'subadmins')), '200/200')
})
