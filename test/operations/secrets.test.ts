import { Writable } from 'node:stream'
import { pino } from 'pino'
import t, { type Test } from 'tap'
import { eventually, firstKey, type Locksmith, startLocksmith } from '../support/locksmith.ts'

/** Each secret as it is, and as it would stand in a header, a form or JSON. */
function forms(secret: string): string[] {
  const base64 = Buffer.from(secret).toString('base64')
  return [
    secret,
    base64,
    base64.replace(/=+$/, ''),
    encodeURIComponent(secret),
    new URLSearchParams({ x: secret }).toString().slice(2),
    JSON.stringify(secret).slice(1, -1)
  ]
}

/** Every row of every table of every schema of ours, the jobs' included. */
async function dump({ world }: Locksmith): Promise<string> {
  const { rows: tables } = await world.pool.query(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`
  )
  const all = await Promise.all(
    tables.map(
      async ({ name }) => (await world.pool.query(`SELECT row::text AS row FROM ${name} AS row`)).rows
    )
  )
  return JSON.stringify(all)
}

function watchedLog() {
  const lines: string[] = []
  const sink = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk))
      done()
    }
  })
  return { lines, log: pino({ level: 'trace' }, sink) }
}

async function assertNowhere(t: Test, secrets: Record<string, string>, places: Record<string, string>) {
  for (const [what, secret] of Object.entries(secrets)) {
    for (const [where, text] of Object.entries(places)) {
      const found = forms(secret).filter((form) => text.includes(form))
      t.equal(found.length, 0, `${what} is in no ${where}`)
    }
  }
}

t.test(
  'the random password, the admin’s password and the API key are in no table, log line, error, metric or response',
  async (t) => {
    const { lines, log } = watchedLog()
    // No teardown redaction here: what is looked for must not depend on the logger cutting it out.
    const locksmith = await startLocksmith(t, { log })
    const { call, sandbox } = locksmith
    const passwords: Record<string, string> = {}
    const replies: string[] = []
    const troubles = [
      undefined,
      { match: { method: 'PUT' }, times: 1, do: 'reset-after' },
      { match: { method: 'PUT' }, times: 1, do: 'non-json' },
      { match: { method: 'POST', pathRegex: 'login' }, times: 1, do: 'reset-before' },
      { match: { method: 'DELETE' }, times: 1, do: 'truncate' },
      { match: { pathRegex: 'lostpassword' }, times: 1, do: 'reset-after' },
      { match: { method: 'PUT' }, times: 1, do: 'ocs-failure' }
    ] as const
    for (const [i, trouble] of troubles.entries()) {
      const id = `user${i}`
      sandbox.createUser({ id, password: 'Old-Password-4711', email: `${id}@example.org` })
      sandbox.createAppPassword(id, 'Phone')
      if (trouble) sandbox.addFault(trouble)
      const reply = await call('POST', `/users/${id}/reset`, { headers: { prefer: 'wait=20' } })
      replies.push(reply.text, JSON.stringify([...reply.headers]))
      t.match(reply.body.state, /succeeded|needs-attention/, JSON.stringify(trouble))
      passwords[`random password ${i}`] = sandbox.users().find((user) => user.id === id)!.password!
      sandbox.clearFaults()
    }
    for (const path of [
      '/operations',
      '/audit?limit=200',
      '/users',
      '/metrics',
      '/openapi.json',
      '/health/ready'
    ]) {
      replies.push((await call('GET', path)).text)
    }
    t.equal(Object.keys(passwords).length, troubles.length)
    for (const password of Object.values(passwords))
      t.not(password, 'Old-Password-4711', 'a random one was set')
    t.ok(lines.length > 20, 'there was something to look at')
    await assertNowhere(
      t,
      { ...passwords, 'admin’s password': sandbox.admin.password, 'API key': firstKey },
      { table: await dump(locksmith), 'log line': lines.join(''), response: replies.join('\n') }
    )
  }
)

t.test('a refused admin password is in no table and no log line', async (t) => {
  const { lines, log } = watchedLog()
  const locksmith = await startLocksmith(t, { log })
  locksmith.sandbox.updateUser('admin', { password: 'Changed-By-Hand-4711' })
  await locksmith.call('GET', '/users/anna')
  await eventually(
    async () => (await locksmith.world.pool.query('SELECT 1 FROM refused_credential')).rowCount,
    (count) => count === 1
  )
  await assertNowhere(
    t,
    { 'admin’s password': locksmith.sandbox.admin.password },
    { table: await dump(locksmith), 'log line': lines.join('') }
  )
})
