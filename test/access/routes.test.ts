import t from 'tap'
import { insertKey } from '../../src/access/key.sql.ts'
import { makeKey } from '../../src/access/key.ts'
import { type Scope, scopes } from '../../src/access/scope.ts'
import { installAccess } from '../../src/http/access.ts'
import { openapiDocument } from '../../src/http/document.ts'
import { createFastify } from '../../src/http/fastify.ts'
import { createLog } from '../../src/world.ts'
import { eventually, startLocksmith } from '../support/locksmith.ts'

type Document = { paths: Record<string, Record<string, { security?: object[]; description?: string }>> }

/** What each route asks for, told apart from the code: the table that a person would write. */
const expected: Record<string, Scope | 'any-key' | 'public'> = {
  'get /users': 'users:read',
  'get /users/{userId}': 'users:read',
  'post /users/{userId}/reset': 'users:reset',
  'post /users/{userId}/reset-mail': 'users:reset',
  'get /users/{userId}/access': 'users:read',
  'get /users/{userId}/tokens': 'users:read',
  'delete /users/{userId}/tokens': 'users:revoke',
  'delete /users/{userId}/tokens/{tokenId}': 'users:revoke',
  'post /users/{userId}/disable': 'users:offboard',
  'post /users/{userId}/enable': 'users:offboard',
  'post /users/{userId}/offboard': 'users:offboard',
  'post /users/{userId}/reinstate': 'users:offboard',
  'post /users/{userId}/wipe': 'users:wipe',
  'get /operations': 'users:read',
  'get /operations/{operationId}': 'users:read',
  'post /operations/{operationId}/retry': 'any-key',
  'post /operations/{operationId}/cancel': 'any-key',
  'post /operations/undo': 'users:offboard',
  'post /stop': 'admin',
  'post /resume': 'admin',
  'get /stop': 'any-key',
  'get /audit': 'audit:read',
  'get /doctor': 'admin',
  'get /metrics': 'any-key',
  'get /health/live': 'public',
  'get /health/ready': 'public',
  'get /problems/{code}': 'public'
}

t.test('every route × every key: exactly the declared scope opens it', async (t) => {
  const { paths } = (await openapiDocument()) as Document
  const routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`)
  )
  t.same(routes.sort(), Object.keys(expected).sort(), 'the table names every route')

  const { call, world } = await startLocksmith(t, { worker: false })
  const keys = new Map<string, string>()
  for (const scope of scopes) {
    const { id, key, hash } = makeKey()
    await insertKey(world.pool, { id, name: scope, secretHash: hash, scopes: [scope] })
    keys.set(scope, key)
  }
  const revoked = makeKey()
  await insertKey(world.pool, {
    id: revoked.id,
    name: 'revoked',
    secretHash: revoked.hash,
    scopes: ['admin']
  })
  await world.pool.query('UPDATE api_key SET revoked_at = now() WHERE id = $1', [revoked.id])

  for (const [route, access] of Object.entries(expected)) {
    const [method, template] = route.split(' ') as [string, string]
    const path = template
      .replace('{userId}', 'nobody')
      .replace('{tokenId}', '1')
      .replace('{operationId}', '01a20914-e240-7000-8574-df606ca606b4')
      .replace('{code}', 'unknown-user')
    const status = async (authorization: string | null) =>
      (await call(method.toUpperCase(), path, { authorization })).status
    const isPublic = access === 'public'
    for (const [who, authorization] of [
      ['no key', null],
      ['an unknown key', `Bearer ${makeKey().key}`],
      ['a revoked key', `Bearer ${revoked.key}`],
      ['another scheme', `Basic ${Buffer.from(`x:${keys.get('admin')}`).toString('base64')}`],
      ['rubbish', 'Bearer  ']
    ] as const) {
      const answer = await status(authorization)
      t.equal(answer === 401, !isPublic, `${route} with ${who}: ${answer}`)
    }
    for (const [scope, key] of keys) {
      const answer = await status(`Bearer ${key}`)
      const opens = isPublic || access === 'any-key' || scope === access || scope === 'admin'
      t.equal(answer !== 403, opens, `${route} with ${scope}: ${answer}`)
      t.not(answer, 401)
    }
  }
})

t.test('a route that declares no access fails at start', async (t) => {
  const app = createFastify(createLog('silent'))
  installAccess(app as never, async () => ({ actor: 'key:x', owner: 'x', scopes: [], vouchers: [] }))
  t.throws(() => app.get('/forgotten', async () => ({})), /declares no access/)
})

t.test('revoking a key takes effect within a second', async (t) => {
  const { call, world } = await startLocksmith(t, { worker: false })
  const { id, key, hash } = makeKey()
  await insertKey(world.pool, { id, name: 'short-lived', secretHash: hash, scopes: ['audit:read'] })
  const ask = async () => (await call('GET', '/audit', { authorization: `Bearer ${key}` })).status
  t.equal(await ask(), 200)
  await world.pool.query('UPDATE api_key SET revoked_at = now() WHERE id = $1', [id])
  await eventually(ask, (status) => status === 401, 1.5)
})

t.test('what a refused caller is told', async (t) => {
  const { call, world } = await startLocksmith(t, { worker: false })
  const none = await call('GET', '/audit', { authorization: null })
  t.match(none, { status: 401, body: { code: 'unauthorized' } })
  t.match(none.headers.get('www-authenticate'), /^Bearer/)
  const { id, key, hash } = makeKey()
  await insertKey(world.pool, { id, name: 'reader', secretHash: hash, scopes: ['users:read'] })
  t.match(await call('POST', '/users/alice/reset', { authorization: `Bearer ${key}` }), {
    status: 403,
    body: { code: 'missing-scope', needed: 'users:reset', has: ['users:read'] }
  })
})
