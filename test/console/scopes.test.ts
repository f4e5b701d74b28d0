import t from 'tap'
import { type Scope, scopes } from '../../src/access/scope.ts'
import { keyOf } from '../access/caller.ts'
import { startLocksmith } from '../support/locksmith.ts'
import { plantCampaign, plantPeople } from '../support/planted-campaign.ts'
import { fieldsOf, signedIn } from './stage.ts'

/** A page, a link or button on it, and what it asks the API for: told apart from the code. */
const buttons: [page: string, button: RegExp, method: string, path: string, body?: object][] = [
  ['/console/people/anna', /people\/anna\/reset"/, 'POST', '/users/anna/reset?dryRun=true'],
  ['/console/people/anna', /people\/anna\/reset-mail"/, 'POST', '/users/anna/reset-mail?dryRun=true'],
  ['/console/people/anna', /people\/anna\/revoke"/, 'DELETE', '/users/anna/tokens?dryRun=true'],
  ['/console/people/anna', /people\/anna\/disable"/, 'POST', '/users/anna/disable?dryRun=true'],
  ['/console/people/anna', /people\/anna\/offboard"/, 'POST', '/users/anna/offboard?dryRun=true'],
  ['/console/people/anna', /people\/anna\/wipe"/, 'POST', '/users/anna/wipe?dryRun=true'],
  ['/console/people/gone', /people\/gone\/enable"/, 'POST', '/users/gone/enable?dryRun=true'],
  ['/console/people/gone', /people\/gone\/reinstate"/, 'POST', '/users/gone/reinstate?dryRun=true'],
  ['/console/people/anna', /id="history"/, 'GET', '/users/anna/history'],
  ['/console/people/anna', /id="access"/, 'GET', '/users/anna/access'],
  ['/console', /href="\/console\/people"/, 'GET', '/users'],
  ['/console', /href="\/console\/operations"/, 'GET', '/operations'],
  ['/console', /href="\/console\/approvals"/, 'GET', '/approvals'],
  ['/console', /href="\/console\/campaigns"/, 'GET', '/campaigns'],
  ['/console', /href="\/console\/audit"/, 'GET', '/audit'],
  ['/console', /href="\/console\/keys"/, 'GET', '/keys'],
  ['/console', /href="\/console\/doctor"/, 'GET', '/doctor'],
  ['/console', /href="\/console\/stop"/, 'POST', '/stop', { wrong: true }],
  ['/console/campaigns/CAMPAIGN', /CAMPAIGN\/pause"/, 'POST', '/campaigns/CAMPAIGN/pause?wrong=true'],
  ['/console/campaigns/DRAFT', /DRAFT\/start"/, 'POST', '/campaigns/DRAFT/resume'],
  [
    '/console/campaigns/CAMPAIGN',
    /people\/anna\/vouch"/,
    'POST',
    '/campaigns/CAMPAIGN/participants/anna/vouch',
    { wrong: true }
  ],
  ['/console/operations/OPERATION', /OPERATION\/cancel"/, 'POST', '/operations/OPERATION/cancel?dryRun=true'],
  ['/console/keys', /href="\/console\/keys\/new"/, 'POST', '/keys', { wrong: true }]
]

const barred = ['missing-scope', 'limited-to-groups']

t.test(
  'for every set of scopes a button is shown exactly where the API would take what it asks for',
  async (t) => {
    const locksmith = await startLocksmith(t, { worker: false })
    const { call, sandbox, world } = locksmith
    sandbox.createGroup('acme')
    sandbox.createUser({
      id: 'anna',
      password: 'Old-Password-4711',
      email: 'anna@acme.example',
      groups: ['acme']
    })
    sandbox.createUser({
      id: 'gone',
      password: 'Old-Password-4711',
      email: 'gone@acme.example',
      groups: ['acme'],
      enabled: false
    })
    sandbox.createUser({ id: 'busy', password: 'Old-Password-4711', email: 'busy@acme.example' })
    const open = await plantCampaign(world.pool)
    await plantPeople(world.pool, open, [{ userId: 'anna' }])
    const draft = await plantCampaign(world.pool, { state: 'draft' })
    const begun = await call('POST', '/users/busy/reset')
    const filled = (text: string) =>
      text
        .replaceAll('CAMPAIGN', open.campaignId)
        .replaceAll('DRAFT', draft.campaignId)
        .replaceAll('OPERATION', begun.body.id)

    const sets: [Scope[], { allowedGroups?: string[] }][] = [
      ...(['audit:read', 'campaigns:read', 'keys:manage'] as const).map((scope): [Scope[], object] => [
        [scope],
        {}
      ]),
      ...scopes.map((scope): [Scope[], object] => [['users:read', scope], {}]),
      [['users:read', 'audit:read', 'campaigns:read', 'campaigns:write'], {}],
      [['campaigns:read', 'campaigns:write', 'users:offboard'], {}],
      [['admin'], { allowedGroups: ['acme'] }],
      [['users:read', 'users:reset'], { allowedGroups: ['acme'] }]
    ]
    const seen = { shown: 0, hidden: 0 }
    for (const [set, limits] of sets) {
      const key = await keyOf(locksmith, set, limits)
      const visit = await signedIn(t, locksmith, key.key)
      const pages = new Map<string, { status: number; text: string }>()
      for (const [page, button, method, path, body] of buttons) {
        const where = filled(page)
        const { status, text } = pages.get(where) ?? (await visit.open(where))
        pages.set(where, { status, text })
        // A page that the API does not give has no buttons, whoever may press them.
        if (status !== 200) continue
        const isShown = new RegExp(filled(button.source)).test(text)
        const answer = await call(method, filled(path), {
          authorization: key.authorization,
          ...(body && { body })
        })
        const isOpen = !barred.includes(answer.body?.code)
        t.equal(
          isShown,
          isOpen,
          `${set}${limits.allowedGroups ? ' for a group' : ''}: ${button.source} on ${page}, ${answer.status}`
        )
        seen[isShown ? 'shown' : 'hidden']++
      }
    }
    t.ok(seen.shown > 50 && seen.hidden > 50, JSON.stringify(seen))
  }
)

t.test('a form that was made up is refused as the API refuses it, and does nothing', async (t) => {
  const locksmith = await startLocksmith(t, { worker: false })
  const { call, sandbox, world } = locksmith
  sandbox.createUser({ id: 'anna', password: 'Old-Password-4711', email: 'anna@acme.example' })
  const { campaignId } = await plantCampaign(world.pool)
  const { key } = await keyOf(locksmith, ['users:read'])
  const visit = await signedIn(t, locksmith, key)
  await visit.open('/console')
  const forged: [string, Record<string, string>][] = [
    ['/console/people/anna/offboard', { step: 'do', seen: 'x', key: 'x' }],
    ['/console/people/anna/wipe', { step: 'do' }],
    ['/console/people/anna/revoke', { step: 'look' }],
    ['/console/stop', { step: 'do' }],
    ['/console/resume', { step: 'do' }],
    ['/console/undo', { step: 'do', day: '2026-01-01', time: '00:00' }],
    ['/console/keys/new', { step: 'do', name: 'mine', 'scope-admin': 'yes' }],
    [`/console/campaigns/${campaignId}/cancel`, { step: 'do' }],
    [`/console/campaigns/${campaignId}/people/anna/exclude`, { step: 'do' }]
  ]
  for (const [path, fields] of forged) {
    const { status, text } = await visit.send(path, fields)
    t.equal(status, 403, path)
    t.match(text, 'The API key lacks a scope', path)
    t.match(text, '/problems/missing-scope')
  }
  t.equal((await call('GET', '/operations')).body.items.length, 0)
  t.match((await call('GET', '/stop')).body, { stopped: false })
  t.match((await call('GET', `/campaigns/${campaignId}`)).body, { state: 'open' })
})

t.test('an approval binds to the list that was read, and to another person', async (t) => {
  const locksmith = await startLocksmith(t, {
    worker: false,
    env: { BRAKE_LOCK_OUTS: '0', BRAKE_PERCENT: '0' }
  })
  const { call, sandbox } = locksmith
  for (const id of ['anna', 'bert', 'carla'])
    sandbox.createUser({ id, password: 'Old-Password-4711', email: `${id}@acme.example` })
  const since = new Date(Date.now() - 40 * 86_400_000)
  const asker = await keyOf(locksmith, ['admin'], { owner: 'asker', since })
  const { key } = await keyOf(locksmith, ['approvals:decide', 'users:read'], { owner: 'second', since })
  for (const id of ['anna', 'bert']) await call('POST', `/users/${id}/disable`, asker)
  const [{ id }] = (await call('GET', '/approvals')).body.items
  const own = await signedIn(t, locksmith, asker.key)
  const ownPage = await own.open(`/console/approvals/${id}/approve`)
  t.match(ownPage.text, 'Somebody else has to approve it')
  t.notMatch(ownPage.text, /<button class="danger">Approve/)
  const second = await signedIn(t, locksmith, key)
  const page = await second.open(`/console/approvals/${id}/approve`)
  t.match(page.text, '/console/people/anna')
  t.match(page.text, '/console/people/bert')
  const fields = fieldsOf(page, 'Approve these 2 users')
  await call('POST', '/users/carla/disable', asker)
  const late = await second.send(`/console/approvals/${id}/approve`, fields)
  t.equal(late.status, 409)
  t.match(late.text, 'The list has changed')
  t.match((await call('GET', `/approvals/${id}`)).body, { state: 'pending' })
  const again = await second.open(`/console/approvals/${id}/approve`)
  const done = await second.send(`/console/approvals/${id}/approve`, {
    ...fieldsOf(again, 'Approve these 3 users'),
    reason: 'agreed'
  })
  t.equal(done.status, 303)
  t.match((await call('GET', `/approvals/${id}`)).body, { state: 'approved', reason: 'agreed' })
})
