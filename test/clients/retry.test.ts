import { inspect } from 'node:util'
import t from 'tap'
import { createLocksmith, LocksmithError } from '../../clients/typescript/src/index.ts'
import { startDropping } from '../support/dropping.ts'
import { count } from '../support/keyed.ts'
import { firstKey } from '../support/locksmith.ts'
import { ofAnna, problemOf, startClient } from './stage.ts'

t.test(
  'a connection that breaks after the request was taken leads to one operation, and to its answer',
  async (t) => {
    const here = await startClient(t)
    const dropping = await startDropping(t, here.url)
    const locksmith = createLocksmith({ url: dropping.url, apiKey: firstKey })
    dropping.left = 2
    const { data, response } = await locksmith.POST('/users/{userId}/reset', {
      ...ofAnna,
      body: { reason: 'phone lost' }
    })
    t.equal(dropping.dropped, 2)
    t.equal(response.headers.get('idempotency-replayed'), 'true', 'the first one had been taken')
    t.equal((await locksmith.waitForOperation(data)).state, 'succeeded')
    t.equal(await count(here, 'operation'), 1)
    dropping.left = 1
    t.equal((await locksmith.GET('/operations')).data.items.length, 1, 'reads are repeated, too')
  }
)

t.test(
  'the key is the given one, and is told when all tries were in vain: so one can go on later',
  async (t) => {
    const here = await startClient(t)
    const dropping = await startDropping(t, here.url)
    const locksmith = createLocksmith({ url: dropping.url, apiKey: firstKey, attempts: 2 })
    dropping.left = 2
    const lost = await locksmith.POST('/users/{userId}/reset', ofAnna).catch((error) => error)
    t.ok(lost instanceof LocksmithError)
    t.equal(dropping.dropped, 2, 'no more than that')
    const again = await locksmith.POST('/users/{userId}/reset', {
      params: { ...ofAnna.params, header: { 'idempotency-key': lost.idempotencyKey! } }
    })
    t.equal(again.response.headers.get('idempotency-replayed'), 'true')
    t.equal(await count(here, 'operation'), 1)
  }
)

t.test('what would be done twice is not sent twice', async (t) => {
  const here = await startClient(t)
  const dropping = await startDropping(t, here.url)
  const locksmith = createLocksmith({ url: dropping.url, apiKey: firstKey })
  dropping.left = 1
  const lost = await locksmith.POST('/stop').catch((error) => error)
  t.match(lost, { name: 'LocksmithError', message: 'POST /stop: no answer', idempotencyKey: undefined })
})

t.test('whoever asks to come again is asked again, for as long as it is not too long', async (t) => {
  const { url } = await startClient(t)
  const script = async (answers: [number, string?][], method: 'GET' | 'POST' = 'POST') => {
    const sent: string[] = []
    const locksmith = createLocksmith({
      url,
      apiKey: firstKey,
      attempts: 3,
      longestPause: 100,
      fetch: async (request) => {
        const [status, after] = answers[sent.length] ?? [0]
        sent.push(`${request.headers.get('idempotency-key')} ${await request.clone().text()}`)
        if (status === 0) return fetch(request)
        const headers = { 'content-type': 'application/problem+json', ...(after && { 'retry-after': after }) }
        const problem = { type: '/problems/x', code: 'database-unavailable', title: 'x', detail: 'x', status }
        return new Response(JSON.stringify(problem), { status, headers })
      }
    })
    const call =
      method === 'GET'
        ? locksmith.GET('/operations')
        : locksmith.POST('/users/{userId}/reset', { ...ofAnna, body: { mail: 'none' } })
    const status = await call.then(
      ({ response }) => response.status,
      ({ status }) => status as number
    )
    return { status, sent: sent.length, same: new Set(sent).size === 1 }
  }
  const past = new Date(0).toUTCString()
  t.same(
    await script([
      [503, '0'],
      [409, past]
    ]),
    { status: 202, sent: 3, same: true }
  )
  t.same(await script([[429, '0']], 'GET'), { status: 200, sent: 2, same: true })
  t.same(
    await script([
      [503, '0'],
      [503, '0'],
      [503, '0']
    ]),
    { status: 503, sent: 3, same: true },
    'not for ever'
  )
  t.same(await script([[503, '1']]), { status: 503, sent: 1, same: true }, 'not if it takes long')
  t.same(await script([[503]]), { status: 503, sent: 1, same: true }, 'not if nobody says when')
  t.same(await script([[500, '0']]), { status: 500, sent: 1, same: true }, 'nor after other failures')
})

t.test('a signal ends it at once, also between two tries', async (t) => {
  const locksmith = createLocksmith({ url: 'http://127.0.0.1:1', apiKey: firstKey, attempts: 100 })
  const begun = performance.now()
  await t.rejects(locksmith.GET('/operations', { signal: AbortSignal.timeout(400) }), {
    name: 'TimeoutError'
  })
  t.ok(performance.now() - begun < 1_500)
})

t.test('nobody is waited for without end', async (t) => {
  const silent = createLocksmith({
    url: 'http://127.0.0.1:1',
    apiKey: firstKey,
    attempts: 2,
    timeout: 100,
    fetch: ({ signal }) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
  })
  const error = await silent.GET('/operations').catch((thrown) => thrown)
  t.match(error, { name: 'LocksmithError', cause: { message: 'no answer within 100 ms' } })
})

t.test('the key stands in no error, nor in what is shown of the client', async (t) => {
  const { locksmith, url } = await startClient(t)
  const wrong = createLocksmith({ url, apiKey: 'lsk_not-a-key-but-a-secret' })
  const lost = createLocksmith({ url: 'http://127.0.0.1:1', apiKey: firstKey, attempts: 1 })
  const shown = [
    locksmith,
    wrong,
    await problemOf(wrong.GET('/operations')),
    await lost.GET('/operations').catch((error) => error),
    await createLocksmith({ url, apiKey: async () => `${firstKey}\n` })
      .GET('/stop')
      .catch((error) => error)
  ]
  for (const apiKey of [`${firstKey}\n`, '', `${firstKey} ü`]) {
    try {
      createLocksmith({ url, apiKey })
      t.fail('it was taken')
    } catch (error) {
      shown.push(error as Error)
    }
  }
  for (const bad of ['ftp://host', `http://user:${firstKey}@host`, `http://host?key=${firstKey}`])
    try {
      createLocksmith({ url: bad, apiKey: firstKey })
      t.fail('it was taken')
    } catch (error) {
      shown.push(error as Error)
    }
  for (const each of shown) {
    const text = inspect(each, { depth: 20, showHidden: true }) + JSON.stringify(each)
    t.notMatch(text, firstKey)
    t.notMatch(text, 'lsk_not')
  }
  t.equal(shown.length, 11)
})
