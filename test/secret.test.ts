import { inspect } from 'node:util'
import t from 'tap'
import { randomPassword, Secret } from '../src/secret.ts'

t.test('a secret shows itself in no way but the one', async (t) => {
  const secret = new Secret('hidden-value')
  for (const shown of [
    String(secret),
    `${secret}`,
    JSON.stringify({ secret }),
    inspect(secret),
    inspect({ deep: { secret } }, { showHidden: true, depth: 9 }),
    Object.values(secret).join()
  ]) {
    t.notMatch(shown, 'hidden-value')
  }
  t.equal(secret.reveal(), 'hidden-value')
})

t.test(
  'a random password satisfies every policy and stays under the 250 bytes of the form login',
  async (t) => {
    const seen = new Set<string>()
    for (let i = 0; i < 500; i++) {
      const password = randomPassword().reveal()
      seen.add(password)
      for (const kind of [/[a-z]/, /[A-Z]/, /[0-9]/, /[^a-zA-Z0-9]/])
        if (!kind.test(password)) t.fail(`no ${kind} in it`)
      if (Buffer.byteLength(password) > 249 || password.length < 64) t.fail('length')
    }
    t.equal(seen.size, 500)
  }
)
