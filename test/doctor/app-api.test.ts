import t from 'tap'
import { of, startDoctor } from '../support/doctor.ts'

const app = { id: 'locksmith', version: '1.2.0', secret: 'the-secret-of-the-exapp' }

for (const version of [31, 33, 34] as const) {
  t.test(`on ${version} the ExApp's credentials are tried without changing anything`, async (t) => {
    const { sandbox, look, world } = await startDoctor(t, {
      sandbox: { version },
      ways: () => ({ appApi: app })
    })
    const config = { ...world.config, appApi: app }
    const finding = async () => of(await look({ config }), 'app-api')
    const register = (change: object = {}) => sandbox.settings({ appApi: { ...app, ...change } })
    const attempts = () => sandbox.nextcloud.throttler.count('127.0.0.1', 'app_api')

    t.match(await finding(), {
      state: 'error',
      found: /No ExApp "locksmith"/,
      mend: /^occ app_api:app:register locksmith/
    })
    t.equal(attempts(), 0, 'one that is not registered is not sent')

    register()
    t.match(await finding(), { state: 'ok', found: /can be reset/ })
    t.match(of(await look({ config }), 'two-factor'), { state: 'ok', found: /gets past it.*by AppAPI/ })

    register({ enabled: false })
    t.match(await finding(), { state: 'error', mend: 'occ app_api:app:enable locksmith' })

    register({ version: '1.1.0' })
    t.match(await finding(), {
      state: 'warning',
      found: /registered as 1\.1\.0/,
      mend: 'APPAPI_VERSION=1.1.0'
    })
    t.ok(
      sandbox.calls().every(({ path }) => !path.includes(app.version)),
      'a later version is not told to it'
    )

    sandbox.settings({ missingApps: ['app_api'] })
    t.match(await finding(), { state: 'error', mend: 'occ app:enable app_api' })
    sandbox.settings({ missingApps: [] })

    t.equal(attempts(), 0)
    register({ secret: 'another' })
    for (const _ of [1, 2]) {
      t.match(await finding(), {
        state: 'error',
        found: /refused the secret/,
        mend: /APPAPI_SECRET.*locksmith host credentials retry/
      })
      t.equal(attempts(), 1, 'a wrong secret is sent once')
    }
  })
}
