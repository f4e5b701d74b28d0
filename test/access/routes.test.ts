import t from 'tap'
import { insertKey } from '../../src/access/key.sql.ts'
import { makeKey } from '../../src/access/key.ts'
import { type Scope, scopes } from '../../src/access/scope.ts'
import { installAccess } from '../../src/http/access.ts'
import { openapiDocument } from '../../src/http/document.ts'
import { createFastify } from '../../src/http/fastify.ts'
import { createLog } from '../../src/world.ts'
import { eventually, startLocksmith } from '../support/locksmith.ts'
import { nobody } from '../support/nobody.ts'
import { plantCampaign } from '../support/planted-campaign.ts'
import { keyOf } from './caller.ts'
import { audience, seconds, startIssuer } from './issuer.ts'

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
  'get /approvals': 'approvals:decide',
  'get /approvals/{approvalId}': 'approvals:decide',
  'post /approvals/{approvalId}/approve': 'approvals:decide',
  'post /approvals/{approvalId}/reject': 'approvals:decide',
  'get /keys': 'keys:manage',
  'get /keys/{keyId}': 'keys:manage',
  'post /keys': 'keys:manage',
  'post /keys/{keyId}/rotate': 'keys:manage',
  'delete /keys/{keyId}': 'keys:manage',
  'post /global-token-revocation': 'signals:send',
  'post /ssf/events': 'public',
  'get /webhooks': 'webhooks:manage',
  'post /webhooks': 'webhooks:manage',
  'get /webhooks/{webhookId}': 'webhooks:manage',
  'patch /webhooks/{webhookId}': 'webhooks:manage',
  'delete /webhooks/{webhookId}': 'webhooks:manage',
  'post /webhooks/{webhookId}/rotate': 'webhooks:manage',
  'post /webhooks/{webhookId}/test': 'webhooks:manage',
  'get /webhooks/{webhookId}/deliveries': 'webhooks:manage',
  'post /webhooks/{webhookId}/deliveries/{deliveryId}/replay': 'webhooks:manage',
  'get /.well-known/ssf-configuration': 'public',
  'get /ssf/jwks.json': 'public',
  'get /ssf/streams': 'streams:manage',
  'post /ssf/streams': 'streams:manage',
  'patch /ssf/streams': 'streams:manage',
  'put /ssf/streams': 'streams:manage',
  'delete /ssf/streams': 'streams:manage',
  'get /ssf/status': 'streams:manage',
  'post /ssf/status': 'streams:manage',
  'post /ssf/verify': 'streams:manage',
  'post /operations/undo': 'users:offboard',
  'get /scim/v2/ServiceProviderConfig': 'any-key',
  'get /scim/v2/ResourceTypes': 'any-key',
  'get /scim/v2/ResourceTypes/{name}': 'any-key',
  'get /scim/v2/Schemas': 'any-key',
  'get /scim/v2/Schemas/{name}': 'any-key',
  'get /scim/v2/Users': 'users:read',
  'post /scim/v2/Users': 'users:offboard',
  'get /scim/v2/Users/{userId}': 'users:read',
  'put /scim/v2/Users/{userId}': 'users:offboard',
  'patch /scim/v2/Users/{userId}': 'users:offboard',
  'delete /scim/v2/Users/{userId}': 'users:delete',
  'get /scim/v2/Groups': 'users:read',
  'get /scim/v2/Groups/{groupId}': 'users:read',
  'post /stop': 'admin',
  'post /resume': 'admin',
  'get /stop': 'any-key',
  'get /campaigns': 'campaigns:read',
  'post /campaigns': 'campaigns:write',
  'get /campaigns/{campaignId}': 'campaigns:read',
  'post /campaigns/{campaignId}/preview': 'campaigns:read',
  'post /campaigns/{campaignId}/start': 'campaigns:write',
  'post /campaigns/{campaignId}/pause': 'campaigns:write',
  'post /campaigns/{campaignId}/resume': 'campaigns:write',
  'post /campaigns/{campaignId}/extend': 'campaigns:write',
  'post /campaigns/{campaignId}/cancel': 'campaigns:write',
  'get /campaigns/{campaignId}/events': 'campaigns:read',
  'get /campaigns/{campaignId}/participants': 'campaigns:read',
  'post /campaigns/{campaignId}/participants/{userId}/confirm': 'campaigns:write',
  'post /campaigns/{campaignId}/participants/{userId}/vouch': 'campaigns:write',
  'post /campaigns/{campaignId}/participants/{userId}/exclude': 'campaigns:write',
  'get /campaigns/{campaignId}/report': 'campaigns:read',
  'get /audit': 'audit:read',
  'get /audit/checkpoint': 'audit:read',
  'get /audit/consistency': 'audit:read',
  'get /audit/export': 'audit:read',
  'get /audit/{seq}/proof': 'audit:read',
  'get /users/{userId}/history': 'audit:read',
  'get /doctor': 'admin',
  'get /metrics': 'any-key',
  'get /health/live': 'public',
  'get /health/ready': 'public',
  'get /problems/{code}': 'public'
}

/** Beside routes about one user, these are open to who is limited to groups. */
const heedsGroups = [
  'get /users',
  'get /operations',
  'get /operations/{operationId}',
  'post /operations/{operationId}/retry',
  'post /operations/{operationId}/cancel',
  'get /metrics',
  'get /scim/v2/ServiceProviderConfig',
  'get /scim/v2/ResourceTypes',
  'get /scim/v2/ResourceTypes/{name}',
  'get /scim/v2/Schemas',
  'get /scim/v2/Schemas/{name}',
  'get /scim/v2/Users',
  'post /global-token-revocation',
  'post /scim/v2/Users',
  'get /scim/v2/Groups',
  'get /scim/v2/Groups/{groupId}'
]

/** As good as a request can be: what keeps it from working is that nothing of that name is there. */
const pathOf = (template: string) =>
  template
    .replace('{userId}', 'nobody')
    .replace('{tokenId}', '1')
    .replace('{approvalId}', '01a20931-0d3e-7000-9c55-2f1d7a3f6a10')
    .replace('{campaignId}', '01a2093a-77c1-7000-8b1e-9d3f5c7a1e42')
    .replace('{operationId}', '01a20914-e240-7000-8574-df606ca606b4')
    .replace('{keyId}', '000000000000')
    .replace('{webhookId}', '01a20931-77c1-7000-8b1e-2f1d7a3f6a10')
    .replace('{deliveryId}', '01a20933-0d3e-7000-9c55-df606ca606b4')
    .replace('{code}', 'unknown-user')
    .replace('{seq}', '999999')
    .replace('{groupId}', 'nogroup')
    .replace('{name}', 'User')

/** SCIM tells a problem within an error of its own. */
const codeIn = (body: Record<string, unknown> | undefined) =>
  (body?.code ??
    (body?.['urn:locksmith:params:scim:api:messages:1.0:Problem'] as { code: string })?.code) as string

t.test('every route × every credential: exactly the declared scope opens it', async (t) => {
  const { paths } = (await openapiDocument()) as Document
  const routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`)
  )
  t.same(routes.sort(), Object.keys(expected).sort(), 'the table names every route')

  const [idp, foreign] = await Promise.all([startIssuer(t), startIssuer(t)])
  const env = { OIDC_ISSUERS: JSON.stringify([{ issuer: idp.issuer, audience }]) }
  const locksmith = await startLocksmith(t, { worker: false, env })
  const { call, world } = locksmith
  const bearer = (credential: string) => `Bearer ${credential}`
  const admin = await keyOf(locksmith, ['admin'])
  const revoked = await keyOf(locksmith, ['admin'])
  await world.pool.query('UPDATE api_key SET revoked_at = now() WHERE id = $1', [revoked.id])
  const expired = await keyOf(locksmith, ['admin'], { expiresAt: new Date(Date.now() - 1) })
  const outside = await keyOf(locksmith, ['admin'], { allowedCidrs: ['192.0.2.0/24', '::/0'] })
  const limited = await keyOf(locksmith, ['admin'], { allowedGroups: ['acme'] })
  const all = { scope: 'admin' }

  /** Good for nothing, on any route. */
  const refused: [who: string, authorization: string | null][] = [
    ['no key', null],
    ['an unknown key', bearer(makeKey().key)],
    ['a mistyped key', bearer(admin.key.replace(/.$/, '!'))],
    ['a key cut short', bearer(admin.key.slice(0, -1))],
    ['a revoked key', revoked.authorization],
    ['an expired key', expired.authorization],
    ['another scheme', `Basic ${Buffer.from(`x:${admin.key}`).toString('base64')}`],
    ['two keys', bearer(`${admin.key}, ${admin.key}`)],
    ['rubbish', 'Bearer  '],
    ['an expired token', bearer(await idp.token({ ...all, exp: seconds() - 60 }))],
    ['a token not valid yet', bearer(await idp.token({ ...all, nbf: seconds() + 3_600 }))],
    ['a token for another service', bearer(await idp.token({ ...all, aud: 'another' }))],
    ["another provider's token", bearer(await foreign.token(all))],
    ["another provider's token in its name", bearer(await foreign.token({ ...all, iss: idp.issuer }))]
  ]
  /** With one scope, as a key and as a token. */
  const single: [who: string, scope: Scope, authorization: string][] = []
  for (const scope of scopes) {
    single.push([`a key with ${scope}`, scope, (await keyOf(locksmith, [scope])).authorization])
    single.push([`a token with ${scope}`, scope, bearer(await idp.token({ scope }))])
  }
  const without = bearer(await idp.token({ scope: 'openid' }))

  let cells = 0
  for (const [route, access] of Object.entries(expected)) {
    const [method, template] = route.split(' ') as [string, string]
    const isPublic = access === 'public'
    const ask = async (authorization: string | null) => {
      cells++
      const { status, body } = await call(method.toUpperCase(), pathOf(template), { authorization })
      return { status, code: status < 400 ? undefined : codeIn(body) }
    }
    const barred = ['unauthorized', 'missing-scope', 'address-not-allowed', 'limited-to-groups']
    const opens = ({ status, code }: { status: number; code: string | undefined }) =>
      status !== 401 && status !== 403 && status !== 429 && !(code !== undefined && barred.includes(code))

    for (const [who, authorization] of refused) {
      const answer = await ask(authorization)
      if (isPublic) t.ok(opens(answer), `${route} with ${who}`)
      else t.match(answer, { status: 401, code: 'unauthorized' }, `${route} with ${who}`)
    }
    for (const [who, scope, authorization] of single) {
      const answer = await ask(authorization)
      const is = isPublic || access === 'any-key' || scope === access || scope === 'admin'
      if (is) t.ok(opens(answer), `${route} with ${who}: ${answer.status}`)
      else t.match(answer, { status: 403, code: 'missing-scope' }, `${route} with ${who}`)
    }
    if (isPublic) continue
    t.match(await ask(without), { status: 403, code: 'missing-scope' }, `${route} with no scope at all`)
    const elsewhere = await ask(outside.authorization)
    t.match(elsewhere, { status: 403, code: 'address-not-allowed' }, `${route} from elsewhere`)
    const some = await ask(limited.authorization)
    if (template.includes('{userId}'))
      t.match(some, { status: 404, code: 'unknown-user' }, `${route} for a group`)
    else if (heedsGroups.includes(route)) t.ok(opens(some), `${route} for a group: ${some.status}`)
    else t.match(some, { status: 403, code: 'limited-to-groups' }, `${route} for a group`)
  }
  const guarded = Object.values(expected).filter((access) => access !== 'public').length
  t.equal(cells, routes.length * (refused.length + single.length) + guarded * 3, 'no gap')
})

t.test('HEAD opens no more than GET', async (t) => {
  const locksmith = await startLocksmith(t, { worker: false })
  const { authorization } = await keyOf(locksmith, ['users:reset'])
  for (const [route, access] of Object.entries(expected)) {
    const [method, template] = route.split(' ') as [string, string]
    if (method !== 'get' || access === 'public') continue
    t.equal((await locksmith.call('HEAD', pathOf(template), { authorization: null })).status, 401, route)
    if (access !== 'any-key')
      t.equal((await locksmith.call('HEAD', pathOf(template), { authorization })).status, 403, route)
  }
})

t.test('a route that declares no access fails at start', async (t) => {
  const app = createFastify(createLog('silent'))
  installAccess(app as never, nobody)
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

t.test('whoever lets a campaign go on could do to users what it does', async (t) => {
  const locksmith = await startLocksmith(t, { worker: false })
  const draft = await plantCampaign(locksmith.world.pool, { state: 'draft' })
  const paused = await plantCampaign(locksmith.world.pool, { state: 'paused', pausedFrom: 'open' })
  const start = `/campaigns/${draft.campaignId}/start`
  const resume = `/campaigns/${paused.campaignId}/resume`
  const weak = await keyOf(locksmith, ['campaigns:write'])
  for (const path of [start, resume])
    t.match(await locksmith.call('POST', path, weak), {
      status: 403,
      body: { code: 'missing-scope', needed: 'users:offboard' }
    })
  t.equal((await locksmith.call('POST', `/campaigns/${paused.campaignId}/cancel`, weak)).status, 200)
  const strong = await keyOf(locksmith, ['campaigns:write', 'users:offboard'])
  t.equal((await locksmith.call('POST', start, strong)).status, 200)
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
