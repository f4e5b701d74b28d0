import t from 'tap'
import { rowOf } from '../access/caller.ts'
import { runLocksmith } from '../support/command.ts'
import { startLocksmith } from '../support/locksmith.ts'

const keys = (databaseUrl: string, ...args: string[]) =>
  runLocksmith(['host', 'keys', ...args], { DATABASE_URL: databaseUrl })

t.test('keys are made, listed, rotated and revoked on the host', async (t) => {
  const locksmith = await startLocksmith(t, { worker: false })
  const { databaseUrl, call } = locksmith
  const run = (...args: string[]) => keys(databaseUrl, ...args)
  const made = await run(
    ...[
      'create',
      '--name',
      'desk',
      '--scope',
      'users:read',
      '--owner',
      'anna@acme.example',
      '--expires-in',
      'P90D'
    ],
    ...['--cidr', '127.0.0.0/8', '--cidr', '::1', '--group', 'acme', '--group', 'globex']
  )
  t.match(made, { code: 0, out: /^lsk_\w{12}_\w{38}\n$/ })
  const authorization = `Bearer ${made.out.trim()}`
  const id = made.out.slice(4, 16)
  t.equal((await call('GET', '/operations', { authorization })).status, 200)
  const { body } = await call('GET', `/keys/${id}`)
  t.match(body, {
    owner: 'anna@acme.example',
    vouchers: [],
    createdBy: 'host',
    allowedCidrs: ['127.0.0.0/8', '::1'],
    allowedGroups: ['acme', 'globex']
  })
  t.equal(Date.parse(body.expiresAt) - Date.parse(body.createdAt) < 90 * 86_400_000 + 1_000, true)

  const listed = await run('list')
  t.match(listed.out, /ID +NAME +STATE +OWNER/)
  t.match(listed.out, new RegExp(`${id} +desk +until .* anna@acme.example +users:read`))
  t.notMatch(listed.out, made.out.trim().slice(17))

  const rotated = await run('rotate', id, '--overlap', 'PT1H')
  t.match(rotated, { code: 0, out: /^lsk_/ })
  const next = rotated.out.slice(4, 16)
  const row = await rowOf(locksmith, next)
  t.strictSame([row.owner, row.vouchers, row.created_by], ['anna@acme.example', [], 'host'])
  t.equal(row.since.getTime(), row.created_at.getTime())
  t.equal((await call('GET', `/keys/${id}`)).body.rotatedTo, next)

  t.match(await run('revoke', next), { code: 0, err: /is revoked/ })
  const json = JSON.parse((await run('list', '--json')).out)
  t.match(json.find((key: { id: string }) => key.id === next).revokedAt, /Z$/)
  const { items } = (await call('GET', '/audit')).body
  t.strictSame(
    items.map(({ action, actor }: { action: string; actor: string }) => `${action} by ${actor}`),
    ['key.revoked by host', 'key.rotated by host', 'key.created by host']
  )

  for (const [args, said] of [
    [
      ['create', '--name', 'x', '--scope', 'admin', '--cidr', 'everywhere'],
      /--cidr is an address or a network/
    ],
    [
      ['create', '--name', 'x', '--scope', 'admin', '--expires-in', '90'],
      /--expires-in is an ISO 8601 duration/
    ],
    [['create', '--name', 'x', '--scope', 'admin', '--expires-in', 'PT0S'], /not in the future/],
    [['create', '--name', 'x', '--scope', 'admin', '--owner', ''], /--owner has/],
    [['revoke'], /Say the id of one key/],
    [['revoke', made.out.trim()], /Say the id of one key/],
    [['revoke', '000000000000'], /There is no key/],
    [['rotate', next], /revoked or expired/],
    [['rotate', id], /took the place of/],
    [['frobnicate'], /Say one of: create, list, revoke, rotate/]
  ] as const) {
    const { code, err } = await run(...args)
    t.equal(code, 1)
    t.match(err, said)
    t.notMatch(err, / at .*\.ts/, 'no stack')
  }
})
