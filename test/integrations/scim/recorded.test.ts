import t, { type Test } from 'tap'
import * as entra from './recordings/entra.ts'
import type { Exchange, Person } from './recordings/exchange.ts'
import * as okta from './recordings/okta.ts'
import { password, type Stage, setStage } from './stage.ts'

/** The client's documents alone: every exchange as it stands there. */
async function play(t: Test, { idp }: Pick<Stage, 'idp'>, exchanges: Exchange[]): Promise<void> {
  for (const { says, method, path, body, answer } of exchanges) {
    const said = await idp(method, path, body)
    t.match(said, answer, `${says}: ${said.status} ${said.text.slice(0, 300)}`)
  }
}

/** With one session and one app password. */
function arrive({ sandbox }: Stage, { id, address }: Person) {
  sandbox.createUser({ id, displayName: 'Test User', password, email: address })
  const app = sandbox.createAppPassword(id, 'Phone')
  return { lives: () => sandbox.tryCredential({ user: id, password: app.password }) === 200 }
}

const leavers: [how: string, person: Person, before: Exchange[], leaving: Exchange[]][] = [
  [
    'Okta by PATCH',
    okta.okta,
    [okta.connects, okta.looksFor(okta.okta), okta.creates(okta.okta), okta.retrieves(okta.okta)],
    [okta.patches(okta.okta, false)]
  ],
  [
    'Okta by PUT of the whole user',
    { ...okta.okta, id: 'another.user@okta.local' },
    [],
    [
      okta.retrieves({ ...okta.okta, id: 'another.user@okta.local' }),
      okta.replaces({ ...okta.okta, id: 'another.user@okta.local' }, false)
    ]
  ],
  [
    'Entra ID as it is, with "False"',
    entra.entra,
    [
      entra.findsNobody,
      ...entra.finds(entra.entra),
      entra.creates(entra.entra),
      ...entra.gets(entra.entra),
      entra.updates(entra.entra, false)
    ],
    [entra.disables(entra.entra, false)]
  ],
  [
    'Entra ID with its flag for compliance',
    { ...entra.entra, id: 'Test_User_flag', externalId: 'flag', address: 'flag@testuser.com' },
    [
      entra.creates({
        ...entra.entra,
        id: 'Test_User_flag',
        externalId: 'flag',
        address: 'flag@testuser.com'
      }),
      entra.updates({ ...entra.entra, id: 'Test_User_flag', externalId: 'flag' }, true)
    ],
    [entra.disables({ ...entra.entra, id: 'Test_User_flag' }, true)]
  ]
]

// Both on one Nextcloud each: the first works, in the second nothing is done of what is recorded.
const working = await setStage(t)
const idle = await setStage(t, { worker: false })
const named = (person: Person, id: string): Person => ({
  ...person,
  id,
  externalId: id,
  address: `${id}@x.example`
})

t.test('a leaver, as each client documents it, is off-boarded exactly once', async (t) => {
  const stage = working
  for (const [how, person, before, leaving] of leavers)
    await t.test(how, async (t) => {
      const { lives } = arrive(stage, person)
      await play(t, stage, before)
      t.ok(lives(), 'until then nothing is done')
      await play(t, stage, leaving)
      await stage.quiet(person.id)
      t.match(await stage.operations(person.id), [{ state: 'succeeded' }])
      t.notOk(lives())
      t.equal(stage.isEnabled(person.id), false)
      await play(t, stage, [...leaving, ...leaving])
      t.equal((await stage.operations(person.id)).length, 1, 'said three times')
    })
})

t.test('said three times at once, or three times before it is done, it is one off-boarding', async (t) => {
  const stage = idle
  for (const [how, person, before, leaving] of leavers) {
    arrive(stage, person)
    await play(t, stage, before)
    const many = Array.from({ length: 3 }, () =>
      stage.idp(leaving[0]!.method, leaving[0]!.path, leaving[0]!.body)
    )
    const last = leaving.at(-1)!
    const all = [...many, ...Array.from({ length: 3 }, () => stage.idp(last.method, last.path, last.body))]
    for (const said of await Promise.all(all)) t.equal(said.status, 200, `${how}: ${said.text.slice(0, 200)}`)
    await play(t, stage, leaving)
    t.match(await stage.operations(person.id), { length: 1, 0: { state: 'queued' } }, how)
  }
})

t.test('what comes late of before does not let a leaver in', async (t) => {
  const stage = idle
  const person = named(okta.okta, 'late')
  const { id } = person
  arrive(stage, person)
  const late = [okta.creates(person), okta.replaces(person, true), okta.patches(person, true)]
  await play(t, stage, [okta.patches(person, false)])
  for (const exchange of late) {
    const said = await stage.idp(exchange.method, exchange.path, exchange.body)
    t.match(said, { status: 409, body: { status: '409', detail: /is being locked out/ } }, exchange.says)
  }
  t.equal((await stage.operations(id)).length, 1)
  t.equal((await stage.operations(id, 'reinstate')).length, 0)
  t.match(await stage.idp('GET', `/Users/${id}`), { body: { active: false } })
})

t.test(
  'a leaver of Entra ID who is deleted there is deleted here, and one who comes back is let in',
  async (t) => {
    const stage = working
    const person = named(entra.entra, 'back')
    const { lives } = arrive(stage, person)
    await play(t, stage, [entra.creates(person), entra.disables(person, false)])
    await stage.quiet(person.id)
    await play(t, stage, [entra.enables(person)])
    await stage.quiet(person.id)
    t.match(await stage.operations(person.id, 'reinstate'), [{ state: 'succeeded' }])
    t.equal(stage.isEnabled(person.id), true)
    t.notOk(lives(), 'nothing of before comes back')
    await play(t, stage, [entra.disables(person, false)])
    await stage.quiet(person.id)
    await play(t, stage, [entra.deletes(person)])
    t.match(await stage.operations(person.id, 'delete'), [{ state: 'scheduled' }])
    t.equal((await stage.operations(person.id)).length, 2, 'one for each time that the user left')
    const again = await stage.idp('DELETE', `/Users/${person.id}`)
    t.match(again, { status: 404, body: { status: '404' } }, 'deleted once')
  }
)

t.test('a group as Entra ID asks for it', async (t) => {
  await play(t, idle, [entra.findsGroup('acme')])
  t.equal((await idle.idp('GET', '/Groups/acme?excludedAttributes=members')).body.members, undefined)
})
