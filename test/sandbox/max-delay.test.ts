import t, { type Test } from 'tap'
import type { NextcloudVersion, Sandbox } from '../../src/sandbox/index.ts'
import { type Answer, askForMail, call, formLogin, ocs, password, sandboxFor } from './client.ts'

const versions = [31, 33, 34] as const
const told = ({ headers }: Answer) => headers.get('x-nextcloud-bruteforce-throttled')

/** The page of brute-force protection, bare and without a word of the delay. */
function isTooManyRequests(t: Test, answer: Answer, what: string): void {
  t.equal(answer.status, 429, what)
  t.match(answer.headers.get('content-type'), /^text\/html/)
  t.match(answer.text, /^<div class="body-login-container update">\n\t<h2>Too many requests<\/h2>/)
  t.equal(told(answer), null, 'no delay is told')
  t.equal(answer.headers.get('retry-after'), null)
}

async function sandboxWith(t: Test, version: NextcloudVersion, count: number): Promise<Sandbox> {
  const sandbox = await sandboxFor(t, { version })
  for (let n = 1; n <= count; n++) sandbox.createUser({ id: `u${n}`, password, email: `u${n}@acme.example` })
  return sandbox
}

/** Asks for so many mails, for one user after the other, never more than the rate limit takes. */
async function askFor(sandbox: Sandbox, first: number, last: number): Promise<Answer[]> {
  const answers: Answer[] = []
  for (let n = first; n <= last; n++) {
    if (n % 5 === 1) sandbox.advanceClock(301)
    answers.push(await askForMail(sandbox, `u${n}`))
  }
  return answers
}

t.test('the 11th reset mail within 30 min is sent and answered 429; the 12th is refused', async (t) => {
  for (const version of versions) {
    const sandbox = await sandboxWith(t, version, 13)
    t.ok((await askFor(sandbox, 1, 10)).every(({ status }) => status === 200))
    const [eleventh, twelfth] = await askFor(sandbox, 11, 12)
    isTooManyRequests(t, eleventh!, `${version}: the 11th`)
    t.equal(sandbox.mails({ to: 'u11@acme.example' }).length, 1, 'it was sent')
    isTooManyRequests(t, twelfth!, `${version}: the 12th`)
    t.equal(sandbox.mails({ to: 'u12@acme.example' }).length, 0, 'it was not')
    t.match(sandbox.calls().slice(-2), [
      { refused: 'max-delay', effects: [{ userId: 'u11', effect: 'mail reset link' }] },
      { refused: 'max-delay', effects: [] }
    ])
    sandbox.advanceClock(1_801)
    const later = await askForMail(sandbox, 'u13')
    t.equal(later.status, 200)
    t.equal(told(later), '50000ms', 'half an hour later it is only slowed, for twelve hours')
  }
})

t.test("a rate limit's 429 is empty, tells the delay, and nothing was done", async (t) => {
  for (const version of versions) {
    const sandbox = await sandboxWith(t, version, 11)
    // 31 makes the ten of them wait for 175 s, so that they are well within 300 s.
    for (let n = 1; n <= 10; n++) await askForMail(sandbox, `u${n}`)
    const refused = await askForMail(sandbox, 'u11')
    t.equal(refused.status, 429)
    t.equal(refused.text, '')
    t.match(refused.headers.get('content-type'), /^text\/html/)
    t.equal(told(refused), '25000ms')
    t.equal(sandbox.mails({ to: 'u11@acme.example' }).length, 0)
    t.match(sandbox.calls().at(-1), { refused: 'rate-limit', effects: [] })
    sandbox.advanceClock(301)
    isTooManyRequests(t, await askForMail(sandbox, 'u11'), 'it was no attempt: the next one is the 11th')
    t.equal(sandbox.mails({ to: 'u11@acme.example' }).length, 1)
  }
})

t.test('the 11th refused form login is looked at and answered 429; the 12th is not', async (t) => {
  for (const version of versions) {
    const sandbox = await sandboxWith(t, version, 2)
    for (let n = 1; n <= 10; n++) t.equal((await formLogin(sandbox, 'u1', 'wrong')).status, 303)
    isTooManyRequests(t, await formLogin(sandbox, 'u1', 'wrong'), 'the 11th')
    isTooManyRequests(t, await formLogin(sandbox, 'u2', password), 'the right password comes too late')
    t.equal(sandbox.tokens('u2').length, 0)
    t.equal(sandbox.counters().maxFailedLoginsPer30min, 11)
  }
})

t.test('an allow-listed address leaves no attempts behind', async (t) => {
  const sandbox = await sandboxWith(t, 34, 11)
  sandbox.settings({ allowListed: true })
  t.ok((await askFor(sandbox, 1, 11)).every((answer) => answer.status === 200 && told(answer) === null))
  for (let n = 0; n < 11; n++) await formLogin(sandbox, 'u1', 'wrong')
  sandbox.settings({ allowListed: false })
  const { data } = await call(sandbox, 'GET', `${ocs}/cloud/capabilities`)
  t.equal(data.ocs.data.capabilities.bruteforce.delay, 0)
  t.equal((await formLogin(sandbox, 'u1', password)).status, 303)
  t.equal(sandbox.tokens('u1').length, 1)
})
