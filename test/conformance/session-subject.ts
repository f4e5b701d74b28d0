import type { Test } from 'tap'
import { createPool } from '../../src/db/pool.ts'
import { createNextcloud } from '../../src/nextcloud/client.ts'
import { sessionDriver } from '../../src/revocation/session.ts'
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts'
import { testMark } from '../support/audit-keys.ts'
import { testDatabase } from '../support/database.ts'
import { password, type Subject } from './subject.ts'

const types = { session: 0, 'app-password': 1, wiped: 2 } as const
const kindsOf = ['session', 'app-password', 'wiped', 'app-password'] as const

/** The parts that a simulated Nextcloud does, whichever way its tokens go. */
export function sandboxSubject(sandbox: Sandbox): Omit<Subject, 'can' | 'driver' | 'loseReadBack'> {
  return {
    addUser: async (id) => {
      sandbox.createUser({ id, password, email: 'alice@example.org' })
    },
    addTokens: async (userId, seeds) =>
      seeds.map(({ kind, lastActivity = new Date() }) => {
        const { nextcloud } = sandbox
        const token = nextcloud.tokens.add({
          userId,
          loginName: userId,
          secret: `secret-${Math.random()}-of-a-device-of-${userId}`,
          password,
          name: 'Device',
          type: types[kind]
        })
        token.lastActivity = Math.floor(lastActivity.getTime() / 1_000)
        return token.id
      }),
    tokens: async (userId) => sandbox.tokens(userId).map(({ id, type }) => ({ id, kind: kindsOf[type] })),
    markWiped: async (id) => {
      sandbox.nextcloud.tokens.get(id)!.type = 2
    },
    async mailLink(user) {
      const response = await fetch(`${sandbox.url}/index.php/lostpassword/email`, {
        method: 'POST',
        headers: { 'ocs-apirequest': 'true' },
        body: new URLSearchParams({ user })
      })
      await response.text()
    },
    hasLink: async (userId) => sandbox.linksOf(userId).some(({ works }) => works),
    breakOff: async () => sandbox.addFault({ match: {}, do: 'reset-before' }),
    mend: async () => sandbox.clearFaults()
  }
}

export async function sessionSubject(t: Test): Promise<Subject> {
  const sandbox = await startSandbox()
  t.teardown(() => sandbox.close())
  const databaseUrl = await testDatabase(t)
  const pool = createPool(databaseUrl, 10, testMark)
  const url = new URL(sandbox.url)
  const nextcloud = createNextcloud({
    url,
    publicUrl: url,
    admins: [sandbox.admin],
    databaseUrl,
    pool,
    circuit: { failuresToOpen: Number.POSITIVE_INFINITY, firstProbeSeconds: 1, mostProbeSeconds: 1 },
    log: { onRefused: () => {}, onAway: () => {}, onBack: () => {} }
  })
  t.teardown(async () => {
    await nextcloud.close()
    await pool.end()
  })
  return {
    ...sandboxSubject(sandbox),
    can: {
      selects: true,
      deletes: true,
      counts: true,
      oneByOne: true,
      killsLinks: true,
      knowsUsers: true,
      sparesLateWipes: false,
      waits: 0,
      similarIds: ['alice2', 'ali%', 'a_ice'],
      hostileIds: ['two words', '-x', '--help', "it's", '100%', 'say "hi"']
    },
    driver: (fence) => sessionDriver(nextcloud.behind(fence)),
    loseReadBack: async () =>
      sandbox.addFault({ match: { pathRegex: 'settings/user/security' }, do: 'reset-before' })
  }
}
