import t, { type Test } from 'tap'
import { governed, mostWithin, ordinary } from '../../support/governed.ts'
import { type Counted, type Passage, simulate } from './simulation.ts'

const seeds = (process.env.SEEDS ?? '1').split(',').map(Number)

const people = (count: number) => Array.from({ length: count }, (_, i) => `user${i}`)
const times = (calls: Counted[]) => calls.map(({ at }) => at)
const by = <T>(list: T[], key: (one: T) => string | undefined) =>
  Object.entries(Object.groupBy(list, (one) => key(one) ?? ''))

/** Whoever asked later went not sooner. @param slack seconds that a call may be under way when others ask */
function keptOrder(t: Test, passages: Passage[], slack: number) {
  const waited = passages.filter(({ promised }) => promised.length > 0).sort((a, b) => a.asked - b.asked)
  t.ok(waited.length > 10, `${waited.length} stood in line`)
  let latest = 0
  for (const { granted } of waited) {
    if (granted < latest - slack) return t.fail(`granted at ${granted}, after a later one at ${latest}`)
    latest = Math.max(latest, granted)
  }
  t.pass('in order')
}

for (const seed of seeds) {
  t.test(
    `seed ${seed}: never more than 50 PUTs of an admin in 600 s, in order, and each in its time`,
    async (t) => {
      const database = await governed(t)
      const replicas = [database.replica(), database.replica(), database.replica()]
      const plan = {
        seed,
        limited: 'password',
        replicas,
        users: people(170),
        callsEach: 1,
        arriveWithin: 400
      } as const
      const { counted, passages, ended } = await simulate(database, { ...plan, rough: false })
      t.equal(counted.length, 170)
      t.ok(mostWithin(600, times(counted)) <= 50, `${mostWithin(600, times(counted))} in a window`)
      t.ok(ended < 4 * 602 + 150, `the limit is used up: over after ${Math.round(ended)} s`)
      keptOrder(t, passages, 150)
      // Whoever comes when it was told to come can go, unless those before it were a bit late.
      for (const { promised, granted } of passages)
        if (promised.length > 0) t.ok(granted - promised[0]! < 60 && promised.length <= 3, 'told the truth')
    }
  )

  t.test(`seed ${seed}: whatever goes wrong, never more than 50 PUTs of an admin in 600 s`, async (t) => {
    const database = await governed(t)
    const accounts = ['admin', 'second']
    const replicas = [database.replica(ordinary, accounts), database.replica(ordinary, accounts)]
    const plan = {
      seed,
      limited: 'password',
      replicas,
      users: people(130),
      callsEach: 1,
      arriveWithin: 200
    } as const
    const { counted, seen } = await simulate(database, { ...plan, rough: true })
    const admins = by(counted, ({ account }) => account)
    t.same(admins.map(([name]) => name).sort(), accounts, 'both share the load')
    for (const [name, calls] of admins) t.ok(mostWithin(600, times(calls!)) <= 50, name)
    for (const [what, count] of Object.entries(seen)) t.ok(count > 3, `${what}: ${count}`)
  })

  t.test(
    `seed ${seed}: whatever goes wrong, never more than 10 mails in half an hour, 5 of a user`,
    async (t) => {
      const database = await governed(t)
      const replicas = [database.replica(), database.replica()]
      const plan = {
        seed,
        limited: 'mail',
        replicas,
        users: people(4),
        callsEach: 6,
        arriveWithin: 60
      } as const
      const { counted, seen } = await simulate(database, { ...plan, rough: true })
      t.ok(mostWithin(1_800, times(counted)) <= 10, 'of our address')
      for (const [user, calls] of by(counted, ({ user }) => user))
        t.ok(mostWithin(1_800, times(calls!)) <= 5, user)
      t.ok(seen.refused + seen.lost > 3)
    }
  )

  t.test(
    `seed ${seed}: on the list of allowed addresses 10 mails in 300 s, still 5 of a user in half an hour`,
    async (t) => {
      const database = await governed(t)
      const standing = { allowListed: true, ratesLifted: false }
      const replicas = [database.replica(standing), database.replica(standing)]
      const plan = {
        seed,
        limited: 'mail',
        replicas,
        users: people(5),
        callsEach: 7,
        arriveWithin: 60
      } as const
      const { counted, ended } = await simulate(database, { ...plan, rough: false })
      t.ok(mostWithin(300, times(counted)) <= 10, 'of our address')
      for (const [user, calls] of by(counted, ({ user }) => user)) {
        t.equal(calls!.length, 7)
        t.ok(mostWithin(1_800, times(calls!)) <= 5, user)
      }
      t.ok(ended < 1_800 + 600, `it goes faster: ${Math.round(ended)} s`)
    }
  )
}
