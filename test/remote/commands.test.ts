import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { eventually } from '../support/locksmith.ts'
import { startStage } from './stage.ts'

const leaver = (id: string) => ({
  id,
  password: 'Old-Password-4711',
  email: `${id}@example.org`,
  groups: ['acme']
})

t.test('on the command line', async (t) => {
  const stage = await startStage(t, {
    env: {
      BRAKE_LOCK_OUTS: '6',
      WEBHOOK_ENCRYPTION_KEY: Buffer.alloc(32, 7).toString('base64'),
      PUBLIC_URL: 'https://locksmith.example.org'
    }
  })
  const { cli, sandbox, call } = stage
  sandbox.createGroup('acme')
  for (const id of ['anna', 'ben', 'cleo', 'dora', 'emil', 'fred', 'gina', 'hugo'])
    sandbox.createUser(leaver(id))
  const folder = t.testdir()
  const put = (name: string, text: string) => {
    const file = join(folder, name)
    writeFileSync(file, text)
    return file
  }
  /** The API's own answer, and nothing else. */
  const json = async (...args: string[]) => {
    const { code, out, err } = await cli([...args, '--json'])
    t.equal(code, 0, `${args.join(' ')}: ${err}`)
    return JSON.parse(out)
  }
  const operations = async () => (await call('GET', '/operations?limit=200')).body.items

  await t.test(
    'everything there is to read is the answer of the API with --json, and a table without',
    async (t) => {
      const { items: made } = await json('users', '--group', 'acme')
      t.equal(made.length, 8)
      for (const [path, ...args] of [
        ['/users?limit=3', 'users', '--limit', '3'],
        ['/users/anna', 'users', 'anna'],
        ['/users/anna/history', 'history', 'anna'],
        ['/operations', 'operations', 'list'],
        ['/approvals', 'approvals', 'list'],
        ['/campaigns', 'campaign', 'list'],
        ['/audit?limit=5', 'audit', '--limit', '5'],
        ['/keys', 'keys', 'list'],
        ['/webhooks', 'webhooks', 'list'],
        ['/stop', 'status']
      ] as const) {
        const { body } = await call('GET', path)
        t.same(await json(...args), body, path)
        t.equal((await cli([...args], { terminal: 80 })).code, 0, args.join(' '))
      }
      const access = await cli(['access', 'anna'])
      t.match(access.out, /backend +Database/)
      t.match(await cli(['doctor'], { terminal: 90 }), { code: 0, out: /Locksmith .*Nextcloud/ })
      t.match(await json('doctor'), { findings: [] })
      t.match(await cli(['explain', 'unknown-user']), { code: 0, out: /^# Nextcloud has no such user/ })
      t.match(await json('explain', 'unknown-user'), { code: 'unknown-user' })
      t.match(await cli(['tokens', 'list', 'anna']), {
        code: 1,
        err: /tokens-not-listable[\s\S]*\/problems\/tokens-not-listable/
      })
      const all = (await cli(['users', '--all', '--json'])).out.trim().split('\n')
      t.equal(all.length, sandbox.users().length)
      t.ok(
        all.every((line) => JSON.parse(line).id),
        'an item a line'
      )
    }
  )

  await t.test('nobody is locked out unasked', async (t) => {
    t.match(await cli(['reset', 'anna']), { code: 2, err: /say --yes/ })
    t.match(await cli(['offboard', '--group', 'acme']), { code: 2, err: /say --yes/ })
    t.match(await cli(['offboard', '--file', '-'], { input: 'anna\n' }), { code: 2, err: /say --yes/ })
    t.match(await cli(['reset', 'anna'], { terminal: 100, input: 'n\n' }), {
      code: 1,
      err: /replace-password[\s\S]*Nothing was done/
    })
    t.match(await cli(['reset', 'anna'], { terminal: 100, input: '' }), { code: 1 })
    const many = put('many.txt', 'anna\nben\n')
    t.match(await cli(['offboard', '--file', many], { terminal: 100, input: 'y\n' }), {
      code: 1,
      err: /Type the number[\s\S]*Nothing was done/
    })
    t.match(await cli(['reset', 'anna', '--dry-run']), { code: 0, out: /would be/ })
    t.match(await json('reset', 'anna', '--dry-run'), { dryRun: true, kind: 'reset' })
    t.match(await cli(['offboard', '--file', many, '--dry-run']), { code: 0, err: /would be done +2/ })
    t.same(await operations(), [])
  })

  await t.test('one user: the question, the steps as they go, and how it ended', async (t) => {
    const said = await cli(['reset', 'anna', '--reason', 'ticket 1'], { terminal: 100, input: 'y\n' })
    t.match(said, { code: 0, out: /succeeded[\s\S]*remaining +0/, err: /✓ revoke-tokens/ })
    const [operation] = await operations()
    t.match(operation, { kind: 'reset', userId: 'anna', state: 'succeeded', reason: 'ticket 1' })
    t.match(await json('operations', 'show', operation.id), { id: operation.id })
    t.match(await cli(['operations', 'show', operation.id]), { code: 0, out: /STEP[\s\S]*send-reset-mail/ })
    t.match(await cli(['operations', 'watch', operation.id]), { code: 0, out: /succeeded/ })
    t.match(await cli(['operations', 'watch']), { code: 0, err: /Nothing goes on/ })
    t.match(await json('reset-mail', 'anna'), { kind: 'reset-mail', state: 'succeeded' })
    t.match(await json('disable', 'ben', '--yes'), { kind: 'disable', state: 'succeeded' })
    t.match(await json('enable', 'ben', '--mail', 'none'), { kind: 'enable', state: 'succeeded' })
    t.match(await json('offboard', 'ben', '--leave-group', 'all', '--shares', 'delete', '--yes'), {
      kind: 'offboard',
      options: { groups: 'all', shares: 'delete' }
    })
    t.match(await json('reinstate', 'ben', '--restore-groups', '--mail', 'none'), {
      kind: 'reinstate',
      state: 'succeeded'
    })
    t.match(await json('revoke', 'ben', '--replace-password', '--mail', 'none', '--yes'), {
      kind: 'revoke',
      state: 'succeeded'
    })
    t.match(await json('wipe', 'cleo', '--dry-run'), { kind: 'wipe', dryRun: true })
    t.match(await cli(['tokens', 'revoke', 'cleo', '17', '--yes']), { code: 1 })
    const undo = await cli(['operations', 'undo', '--since', '2026-01-01', '--dry-run', '--json'])
    t.match(JSON.parse(undo.out), { dryRun: true })
    const begun = await json('disable', 'cleo', '--no-wait', '--yes')
    t.match(begun, { kind: 'disable' })
    t.equal((await cli(['operations', 'watch', begun.id])).code, 0)
    t.match(await cli(['operations', 'cancel', begun.id]), { code: 1, err: /operation-not-cancellable/ })
    t.match(await cli(['operations', 'retry', begun.id]), { code: 1, err: /operation-not-retryable/ })
  })

  await t.test('it is not waited for for ever, and goes on without us', async (t) => {
    sandbox.addFault({ match: { method: 'PUT' }, do: 'hang-before' })
    const late = await cli(['reset', 'anna', '--yes', '--timeout', '1', '--json'])
    t.equal(late.code, 4)
    const { id } = JSON.parse(late.out)
    t.match(late.err, new RegExp(`locksmith operations watch ${id}`))
    const stop = new AbortController()
    setTimeout(() => stop.abort(), 300)
    const interrupted = await cli(['operations', 'watch', id], { signal: stop.signal })
    t.match(interrupted, { code: 130, err: /goes on without us: locksmith operations watch/ })
    sandbox.clearFaults()
    t.match(await cli(['operations', 'watch', id]), { code: 0, out: /succeeded/ })
  })

  await t.test('a refusal says what was and was not done, and where its page is', async (t) => {
    const said = await cli(['reset', 'nobody', '--yes'])
    t.match(said, {
      code: 1,
      out: '',
      err: /\(unknown-user\)[\s\S]*Nothing was done[\s\S]*http:\S+\/problems\/unknown-user/
    })
    const { code, out } = await cli(['reset', 'nobody', '--yes', '--json'])
    t.equal(code, 1)
    t.match(JSON.parse(out), { code: 'unknown-user', status: 404 })
  })

  await t.test(
    'many: what was refused is told and reported, what is above a brake awaits an approval',
    async (t) => {
      const report = join(folder, 'report.csv')
      const file = put(
        'leavers.csv',
        'userId,note\ndora,x\nEmil,y\nemil,again\nfred,z\ngina,z\nhugo,z\nnobody,z\n'
      )
      const args = ['offboard', '--file', file, '--report', report, '--parallel', '1']
      const said = await cli(args, { terminal: 120, input: '5\n' })
      t.equal(said.code, 3, said.err)
      t.match(
        said.err,
        /would be done +3[\s\S]*would await an approval \(brake "lock-out": 3 of 6[\s\S]*would be refused: unknown-user +1/
      )
      t.match(said.out, /done +3[\s\S]*pending: awaiting-approval +2[\s\S]*refused +1/)
      const rows = readFileSync(report, 'utf8').split('\r\n').slice(0, -1)
      t.equal(rows.length, 7)
      t.match(rows[0], '\ufeff"user","result","state","operation"')
      t.match(
        rows.find((row) => row.startsWith('"nobody"')),
        /^"nobody","refused","","","no","unknown-user","Nextcloud has no user/
      )
      t.equal(statSync(report).mode & 0o777, 0o600)

      const { items } = await json('approvals', 'list', '--state', 'pending')
      t.equal(items.length, 1)
      const id = items[0].id
      const [held] = (await json('operations', 'list', '--state', 'awaiting-approval')).items
      const told = (await cli(['operations', 'show', held.id])).out
      const [, advised] = /locksmith (approvals show \S+)/.exec(told) ?? []
      t.equal(advised, `approvals show ${id}`, 'what is advised can be typed')
      t.match(await cli(['approvals', 'show', id]), {
        code: 0,
        out: /2 users:\n +gina\n +hugo\n +hash [0-9a-f]{64}/
      })
      t.match(await cli(['approvals', 'approve', id, '--yes']), { code: 2, err: /terminal/ })
      t.match(await cli(['approvals', 'approve', id], { terminal: 100, input: 'y\n' }), {
        code: 1,
        err: /gina[\s\S]*Type 2 to approve/
      })
      t.match(await cli(['approvals', 'approve', id], { terminal: 100, input: '2\n' }), {
        code: 1,
        err: /approval-not-allowed/
      })
      t.match(await cli(['approvals', 'reject', id, '--yes', '--reason', 'no']), { code: 0, out: /rejected/ })

      t.match(await cli([...args, '--yes']), {
        code: 3,
        out: /done, by an earlier run +3[\s\S]*failed: cancelled, by an earlier run +2/
      })
      t.equal(
        (await operations()).filter(
          ({ kind, userId }: { kind: string; userId: string }) => kind === 'offboard' && userId === 'dora'
        ).length,
        1
      )
      sandbox.createUser(leaver('nobody'))
      const mended = await cli([...args, '--yes'])
      t.match(mended.out, /pending: awaiting-approval +1/, 'what was refused and mended is asked for anew')
      t.equal((await json('operations', 'list', '--user', 'dora')).items.length, 1)
      const again = await cli(['offboard', '--file', put('one.txt', 'dora\n'), '--yes', '--again'])
      t.match(again.out, /done +1/)
      t.equal(
        (await json('operations', 'list', '--user', 'dora')).items.length,
        2,
        '--again does it once more'
      )
    }
  )

  await t.test('a list that is not right is refused with its lines, before anything is done', async (t) => {
    const before = (await operations()).length
    for (const [name, text, ...said] of [
      ['wrong.csv', 'userId\nok\n..\na/b\n\u0007\n', /line 3: \.\.[\s\S]*line 4: a\/b[\s\S]*line 5: \\x07/],
      ['columns.csv', 'name,login\nAnna,anna\n', /several columns, and none is called userId/],
      ['empty.csv', 'userId\n', /has no user in it/],
      ['quotes.csv', 'userId\n"anna\n', /is no CSV/]
    ] as const)
      t.match(await cli(['offboard', '--file', put(name, text), '--yes']), { code: 2, err: said[0] })
    t.match(await cli(['offboard', '--file', join(folder, 'none.csv'), '--yes']), {
      code: 2,
      err: /cannot be read \(ENOENT\)/
    })
    t.match(await cli(['offboard', '--group', 'nobody-is-here', '--yes']), { code: 1, err: /unknown-group/ })
    t.match(await cli(['offboard', 'anna', '--file', 'x', '--yes']), { code: 2, err: /Say who/ })
    t.match(await cli(['offboard', '--yes']), { code: 2, err: /Say who/ })
    t.match(await cli(['offboard', '--file', put('a.txt', 'anna'), '--report', folder, '--yes']), {
      code: 2,
      err: /cannot be written/
    })
    t.equal((await operations()).length, before)
  })

  await t.test('keys and webhooks: the secret alone is on standard output, this once', async (t) => {
    const made = await cli([
      'keys',
      'create',
      '--name',
      'desk',
      '--scope',
      'users:read',
      '--scope',
      'users:reset'
    ])
    t.match(made, {
      code: 0,
      out: /^lsk_\w{12}_\w{38}\n$/,
      err: /users:read, users:reset[\s\S]*shown only now/
    })
    const id = made.out.slice(4, 16)
    const own = { LOCKSMITH_API_KEY: made.out.trim() }
    t.match(await cli(['keys', 'list'], { env: own }), { code: 5, err: /missing-scope/ })
    t.match(await json('keys', 'show', id), { id, name: 'desk' })
    const next = await json('keys', 'rotate', id, '--overlap', 'PT1H')
    t.match(next, { name: 'desk', key: /^lsk_/ })
    t.match(await cli(['keys', 'revoke', id]), { code: 2 })
    t.match(await cli(['keys', 'revoke', id], { terminal: 80, input: 'yes\n' }), { code: 0 })
    const refused = await eventually(
      () => cli(['users'], { env: own }),
      ({ code }) => code !== 0
    )
    t.match(refused, { code: 5, err: /unauthorized/ })

    const hook = await json('webhooks', 'create', 'https://93.184.215.14/hook', '--event', 'operation.failed')
    t.match(hook, { secret: /^whsec_/ })
    t.match(await json('webhooks', 'show', hook.id), { events: ['operation.failed'] })
    t.match(await json('webhooks', 'change', hook.id, '--disable', '--description', 'x'), {
      description: 'x',
      disabled: { because: 'by-hand' }
    })
    t.match(await cli(['webhooks', 'test', hook.id]), { code: 1, err: /webhook-disabled/ })
    t.match(await cli(['webhooks', 'rotate', hook.id]), { code: 0, out: /^whsec_\S+\n$/ })
    t.match(await json('webhooks', 'deliveries', hook.id), { items: [] })
    t.match(await cli(['webhooks', 'replay', hook.id, hook.id]), { code: 1, err: /webhook-disabled/ })
    t.match(await json('webhooks', 'delete', hook.id, '--yes'), { id: hook.id })
  })

  await t.test('campaigns: previewed, created, watched, reported', async (t) => {
    const file = put(
      'acme.json',
      JSON.stringify({
        name: 'acme',
        audience: { groups: ['acme'] },
        owner: 'it@example.org',
        onSilence: 'report-only'
      })
    )
    t.match(await json('campaign', 'preview', file), { in: {}, mail: {} })
    t.match(await cli(['campaign', 'create', file]), { code: 2 })
    t.match(await cli(['campaign', 'create', put('no.json', '{'), '--yes']), {
      code: 2,
      err: /no definition/
    })
    const { id } = await json('campaign', 'create', file, '--yes')
    t.match(await cli(['campaign', 'create', file], { terminal: 90, input: 'n\n' }), {
      code: 1,
      err: /first mails per hour/
    })
    t.match(await json('campaign', 'show', id), { state: 'draft' })
    t.match(await json('campaign', 'preview', id), { in: {} })
    t.match(await json('campaign', 'participants', id), { items: [] })
    t.match(await cli(['campaign', 'pause', id]), { code: 1, err: /campaign-state/ })
    t.match(await cli(['campaign', 'extend', id, '--by', 'P7D']), { code: 1 })
    for (const verb of ['confirm', 'vouch', 'exclude'])
      t.match(await cli(['campaign', verb, id, 'anna', '--reason', 'called']), { code: 1 })
    const watching = cli(['campaign', 'watch', id, '--json'])
    t.match(await json('campaign', 'start', id, '--yes'), { id })
    t.match(await json('campaign', 'cancel', id, '--yes'), { state: 'cancelled' })
    const watched = await watching
    t.equal(watched.code, 0)
    t.match(JSON.parse(watched.out.trim().split('\n').at(-1)!), { id, state: 'cancelled' })
    t.match(await cli(['campaign', 'resume', id, '--yes']), { code: 1 })
    t.match(await cli(['campaign', 'report', id], { terminal: 80 }), { code: 2, err: /--output/ })
    const saved = join(folder, 'report.html')
    const report = await cli(['campaign', 'report', id, '--output', saved])
    t.match(report, { code: 0 })
  })

  await t.test('the audit is searched, saved whole, and proven', async (t) => {
    const found = await json('audit', '--user', 'anna', '--action', 'operation.requested')
    t.ok(found.items.length > 0 && found.items.every(({ userId }: { userId: string }) => userId === 'anna'))
    const file = join(folder, 'audit.ndjson')
    t.match(await cli(['audit', 'export', '--output', file]), { code: 0, err: /is written/ })
    t.match(JSON.parse(readFileSync(file, 'utf8').trim().split('\n').at(-1)!), { type: 'end' })
    t.match(await cli(['audit', 'export'], { terminal: 80 }), { code: 2, err: /--output/ })
    t.match(await cli(['audit', 'export', '--csv', '--user', 'anna']), { code: 0, out: /"anna"/ })
    t.match(await cli(['audit', 'export', '--output', join(folder, 'no/such')]), { code: 2 })
    t.match(await cli(['audit', 'checkpoint']), { code: 1, err: /not-sealed-yet/ })
    t.match(await cli(['audit', 'proof', String(found.items[0].seq)]), { code: 1, err: /not-sealed-yet/ })
    t.match(await cli(['audit', 'consistency', '--from', '9']), { code: 1, err: /not-sealed-yet/ })
    t.match(await cli(['audit', 'proof', 'x']), { code: 1, err: /invalid-request/ })
  })

  await t.test('stopped, nothing is done, and a stop is undone', async (t) => {
    t.match(await json('stop', '--reason', 'on fire'), { stopped: true, reason: 'on fire' })
    t.match(await cli(['status']), { code: 3, out: /stopped +yes/ })
    const list = ['disable', '--file', put('stop.txt', 'anna\n'), '--yes']
    t.match(await cli(list), { code: 1, err: /\(stopped\)/ })
    t.match(await json('resume'), { stopped: false })
  })
})
