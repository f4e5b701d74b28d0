import t from 'tap'
import type { AppApiState } from '../../src/nextcloud/app-api.ts'
import { choose, type Drivers, type Situation } from '../../src/revocation/choose.ts'
import type { Probe, RevocationDriver } from '../../src/revocation/driver.ts'

const works: Probe = { works: true }
const broken: Probe = { works: false, because: 'it is away.', mend: 'Start it.' }

/** @param direct what is configured, and how it is */
const drivers = (
  direct: Partial<Record<'sql' | 'occ', Probe>>,
  appApi: AppApiState = 'not-configured'
): Drivers => {
  const list = Object.keys(direct).map((name) => ({ name }) as RevocationDriver)
  const none = () => {
    throw new Error('nobody is revoked here')
  }
  return {
    direct: list,
    probe: async ({ name }) => direct[name as 'sql' | 'occ']!,
    session: none,
    wipe: none,
    appApi: async () => appApi
  }
}

const plain: Situation = {
  user: { id: 'anna', backend: 'Database', canSetPassword: true },
  providers: [],
  enforced: false,
  removesSecondFactors: false
}
const directory: Situation = { ...plain, user: { id: 'erin', backend: 'LDAP', canSetPassword: false } }
const secondFactor: Situation = { ...plain, providers: ['totp'] }

const outcome = async (given: Drivers, situation: Situation) => {
  const choice = await choose(given, situation)
  return 'refused' in choice ? choice.refused.code : choice.name
}

t.test('over HTTP alone: a log-in, where there can be one', async (t) => {
  t.equal(await outcome(drivers({}), plain), 'session')
  t.equal(await outcome(drivers({}), directory), 'cannot-set-password')
  t.equal(await outcome(drivers({}), secondFactor), 'two-factor-user')
  t.equal(await outcome(drivers({}), { ...plain, enforced: true }), 'two-factor-enforced')
  t.equal(await outcome(drivers({}), { ...secondFactor, removesSecondFactors: true }), 'session')
  t.equal(
    await outcome(drivers({}), { ...secondFactor, enforced: true, removesSecondFactors: true }),
    'two-factor-enforced',
    'a new one would be asked for'
  )
  const noLogIn = { code: 'needs-password-replacement', because: 'x' } as const
  t.equal(await outcome(drivers({}), { ...plain, noLogIn }), 'needs-password-replacement')
})

t.test('with AppAPI a second factor is passed, and stays', async (t) => {
  const given = drivers({}, 'ready')
  for (const situation of [
    secondFactor,
    { ...plain, enforced: true },
    { ...secondFactor, removesSecondFactors: true }
  ])
    t.match(await choose(given, situation), { name: 'session', pastSecondFactor: true })
  t.notMatch(await choose(given, plain), { pastSecondFactor: true }, 'sent to nobody who does not need it')
  t.equal(await outcome(given, directory), 'cannot-set-password')
})

t.test('AppAPI that does not work is no way, and it is said what is wrong with it', async (t) => {
  for (const [state, because] of [
    ['disabled', /switched off/],
    ['refused', /does not take APPAPI_ID/]
  ] as const)
    t.match(await choose(drivers({}, state), secondFactor), { refused: { code: 'two-factor-user', because } })
})

t.test('what is configured works for everybody, the database before occ', async (t) => {
  for (const situation of [plain, directory, secondFactor, { ...plain, enforced: true }]) {
    t.equal(await outcome(drivers({ occ: works }), situation), 'occ')
    t.equal(await outcome(drivers({ sql: works, occ: works }), situation), 'sql')
  }
})

t.test(
  'what is configured and does not work is named, and another way taken where there is one',
  async (t) => {
    t.match(await choose(drivers({ sql: broken, occ: works }), directory), {
      name: 'occ',
      because: /sql does not work: it is away/
    })
    t.match(await choose(drivers({ sql: broken }), plain), { name: 'session', because: /sql does not work/ })
    t.match(await choose(drivers({ sql: broken, occ: broken }), directory), {
      refused: { code: 'revocation-unavailable', because: /sql.*Start it\..*occ/ }
    })
  }
)

t.test('what only a log-in can do is done by a log-in, where there can be one', async (t) => {
  const wantsLogIn = 'delete shares'
  t.match(await choose(drivers({ sql: works }), { ...plain, wantsLogIn }), {
    name: 'session',
    because: /delete shares/
  })
  t.equal(await outcome(drivers({ sql: works }), { ...directory, wantsLogIn }), 'sql')
  t.equal(await outcome(drivers({ sql: works }), { ...secondFactor, wantsLogIn }), 'sql')
})

t.test('every refusal says what to set', async (t) => {
  for (const situation of [directory, secondFactor, { ...plain, enforced: true }]) {
    const choice = await choose(drivers({}), situation)
    t.match(choice, { refused: { because: /OCC_COMMAND.*NEXTCLOUD_DATABASE_URL/ } })
  }
})
