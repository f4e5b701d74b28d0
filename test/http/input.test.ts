import { connect } from 'node:net'
import t from 'tap'
import { startLocksmith } from '../support/locksmith.ts'

t.test('bad input is refused before any call, as a problem whose type has a page', async (t) => {
  const { call, sandbox } = await startLocksmith(t, { worker: false })
  const longest = 'x'.repeat(64)
  const cases: [string, string, unknown, number, string][] = [
    ['id with a slash', '/users/a%2Fb/reset', undefined, 400, 'invalid-user-id'],
    ['id with a backslash', '/users/a%5Cb/reset', undefined, 400, 'invalid-user-id'],
    ['id of dots', '/users/%2e%2e%2e/reset', undefined, 400, 'invalid-user-id'],
    ['id with a NUL', '/users/a%00b/reset', undefined, 400, 'invalid-user-id'],
    ['id with a line feed', '/users/a%0Ab/reset', undefined, 400, 'invalid-user-id'],
    ['id with an edge space', '/users/%20a/reset', undefined, 400, 'invalid-user-id'],
    ['id too long', `/users/${longest}y/reset`, undefined, 400, 'invalid-user-id'],
    ['id far too long', `/users/${'y'.repeat(5_000)}/reset`, undefined, 400, 'invalid-request'],
    ['id that is no UTF-8', '/users/%ff/reset', undefined, 400, 'invalid-request'],
    ['unknown member', '/users/anna/reset', { reasn: 'typo' }, 400, 'invalid-request'],
    ['number for text', '/users/anna/reset', { reason: 1 }, 400, 'invalid-request'],
    ['text for a choice', '/users/anna/reset', { revoke: 'some' }, 400, 'invalid-request'],
    ['empty reason', '/users/anna/reset', { reason: '' }, 400, 'invalid-request'],
    ['endless reason', '/users/anna/reset', { reason: 'x'.repeat(501) }, 400, 'invalid-request'],
    ['a list', '/users/anna/reset', [], 400, 'invalid-request'],
    ['null', '/users/anna/reset', 'null', 400, 'invalid-request'],
    ['__proto__', '/users/anna/reset', '{"__proto__":{"mail":"none"}}', 400, 'malformed-json'],
    ['half a body', '/users/anna/reset', '{"reason":', 400, 'malformed-json'],
    ['1 MiB', '/users/anna/reset', { reason: 'x'.repeat(2 ** 20) }, 413, 'body-too-large']
  ]
  for (const [what, path, body, status, code] of cases) {
    const reply = await call('POST', path, { ...(body !== undefined && { body }) })
    t.match(
      reply,
      { status, body: { code, status, type: `/problems/${code}` } },
      `${what}: ${reply.text.slice(0, 200)}`
    )
    t.match(reply.headers.get('content-type'), 'application/problem+json', what)
    t.equal((await call('GET', reply.body.type, { authorization: null })).status, 200, 'the page is there')
  }
  t.equal(sandbox.calls().length, 0, 'Nextcloud was never asked')
})

t.test('of a text without its form it is said which, and what is expected, and nothing of it', async (t) => {
  const { call } = await startLocksmith(t, { worker: false })
  const hostile = '<img src=x onerror=alert(1)>\u202e\u0000'
  const campaign = {
    name: hostile,
    audience: { users: ['anna', hostile] },
    owner: hostile,
    closesAfter: 'two weeks',
    mails: { de: { text: hostile } }
  }
  for (const [method, path, body, expected] of [
    [
      'POST',
      '/campaigns',
      campaign,
      {
        'body/name': 'must be one line without control characters',
        'body/audience/users/1': 'must be one line without control characters',
        'body/owner': 'must be one mail address and nothing else, such as lea@example.org',
        'body/closesAfter': 'must be an ISO 8601 duration of at least a minute, such as P14D, P3M or PT12H',
        'body/mails/de/text': 'must contain no control characters but line feeds'
      }
    ],
    [
      'POST',
      '/keys',
      { name: hostile, scopes: ['admin'] },
      { 'body/name': 'must be one line without control characters and invisible ones' }
    ],
    [
      'POST',
      '/keys/0123456789ab/rotate',
      { overlap: hostile },
      {
        'body/overlap':
          'has characters or a form that is not allowed (expected: How long the old key goes on: ISO 8601 duration, at most P30D; `PT0S`: not at all)'
      }
    ],
    [
      'GET',
      '/problems/TYPO',
      undefined,
      {
        'params/code':
          'has characters or a form that is not allowed (expected: `code` of the problem; for example two-factor-user)'
      }
    ],
    [
      'GET',
      `/operations?userId=${encodeURIComponent('a/b')}`,
      undefined,
      {
        'querystring/userId':
          'must be a user id, which has 1 to 64 characters, without slashes and control characters, no space at its ends, and is not dots only'
      }
    ]
  ] as const) {
    const { status, body: problem, text } = await call(method, path, { ...(body && { body }) })
    t.equal(status, 400, path)
    const told = (problem.errors as { at: string; message: string }[]).map(({ at, message }) => [at, message])
    t.strictSame(Object.fromEntries(told), expected, path)
    for (const [at, message] of Object.entries(expected)) t.match(problem.detail, `${at} ${message}`)
    for (const piece of ['img', 'two weeks', 'TYPO', '\u202e', '\\u0000', 'a/b']) t.notMatch(text, piece)
  }
})

t.test('query members are checked too, and unknown ones refused', async (t) => {
  const { call } = await startLocksmith(t, { worker: false })
  for (const query of [
    'limit=0',
    'limit=201',
    'limit=ten',
    'limit=1.5',
    'state=done',
    'nonsense=1',
    'cursor=nonsense',
    'cursor=',
    'userId=a%2Fb',
    'limit=1&limit=2'
  ]) {
    t.match(
      await call('GET', `/operations?${query}`),
      { status: 400, body: { code: 'invalid-request' } },
      query
    )
  }
  for (const query of ['from=yesterday', 'action=nothing', 'operationId=1', 'cursor=-1', 'cursor=1e9']) {
    t.match(await call('GET', `/audit?${query}`), { status: 400, body: { code: 'invalid-request' } }, query)
  }
  t.match(await call('GET', '/users?group=a%2Fb'), { status: 400 })
  t.match(await call('GET', '/operations/not-an-id'), { status: 400, body: { code: 'invalid-request' } })
  t.match(await call('GET', '/operations/01a20914-e240-7000-8574-df606ca606b4'), {
    status: 404,
    body: { code: 'unknown-operation' }
  })
  t.match(await call('GET', '/nothing/here'), { status: 404, body: { code: 'not-found' } })
  t.match(await call('GET', '/problems/nothing'), { status: 404, body: { code: 'not-found' } })
  t.match(await call('GET', '/problems/..%2f..%2fpackage'), { status: 400 })
})

t.test(
  'a body may be left out, with or without saying that it would be JSON; another type may not',
  async (t) => {
    const { call, sandbox } = await startLocksmith(t, { worker: false })
    for (const [id, options] of [
      ['a', {}],
      ['b', { body: '' }],
      ['c', { body: {} }]
    ] as const) {
      sandbox.createUser({ id, email: 'x@example.org' })
      t.equal((await call('POST', `/users/${id}/reset`, options)).status, 202)
    }
    t.match(
      await call('POST', '/users/a/reset', { body: 'a=b', headers: { 'content-type': 'text/plain' } }),
      {
        status: 415,
        body: { code: 'unsupported-media-type' }
      }
    )
  }
)

t.test('what is no HTTP at all is answered and hung up on', async (t) => {
  const { url } = await startLocksmith(t, { worker: false })
  const { hostname, port } = new URL(url)
  const answer = await new Promise<string>((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write('NONSENSE\r\n\r\n'))
    let text = ''
    socket
      .on('data', (chunk) => (text += chunk))
      .on('close', () => resolve(text))
      .on('error', reject)
  })
  t.match(answer, /^HTTP\/1.1 400/)
})

t.test('Prefer: wait is bounded, told, and ends when the operation does', async (t) => {
  const { call, sandbox } = await startLocksmith(t)
  sandbox.createUser({ id: 'anna', email: 'anna@example.org' })
  const done = await call('POST', '/users/anna/reset', { headers: { prefer: 'respond-async, wait=999999' } })
  t.equal(done.status, 200)
  t.equal(done.headers.get('preference-applied'), 'wait=60')
  sandbox.settings({ maintenance: true })
  const late = await call('POST', '/users/anna/reset', { headers: { prefer: 'wait=1' } })
  t.match(late, { status: 202, body: { state: /running|waiting|queued/ } })
  t.equal(late.headers.get('location'), `/operations/${late.body.id}`)
})

t.test('lists have pages that neither repeat nor skip, with the next one linked', async (t) => {
  const { call, sandbox } = await startLocksmith(t, { worker: false })
  for (let i = 0; i < 7; i++) {
    sandbox.createUser({ id: `user${i}`, email: `user${i}@example.org`, groups: ['acme'] })
    await call('POST', `/users/user${i}/reset`)
  }
  for (const [path, sort] of [
    ['/operations?kind=reset&limit=3', (item: { id: string }) => item.id],
    ['/audit?action=operation.requested&limit=3', (item: { seq: number }) => item.seq],
    ['/users?group=acme&limit=3', (item: { id: string }) => item.id]
  ] as const) {
    const seen: unknown[] = []
    for (let next: string | null = path; next; ) {
      const { status, body, headers }: Awaited<ReturnType<typeof call>> = await call('GET', next)
      t.equal(status, 200)
      seen.push(...body.items.map(sort))
      next = /^<([^>]+)>; rel="next"$/.exec(headers.get('link') ?? '')?.[1] ?? null
      t.equal(next !== null, body.next !== null)
    }
    t.equal(seen.length, 7, path)
    t.equal(new Set(seen).size, 7)
  }
})
