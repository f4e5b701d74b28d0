import t from 'tap'
import { closeLinks } from '../../src/campaigns/close.sql.ts'
import { newLink } from '../../src/campaigns/links.ts'
import { dump } from '../support/canaries.ts'
import { stateOf } from '../support/planted-campaign.ts'
import { contact, openStage, site } from './stage.ts'

const setStage = await openStage(t)
const deadline = '2099-01-12 14:05+00'
const german = { headers: { 'accept-language': 'fr;q=0.9, de-AT;q=0.8, en;q=0.5' } }

t.test('a person is asked in their language, and one POST confirms', async (t) => {
  const { visit, send, linkOf, answers, world } = await setStage([
    { userId: 'alice', displayName: 'Alice Archer', overAt: deadline },
    { userId: 'bert', displayName: 'Bert Brandt', language: 'de_DE', overAt: deadline },
    { userId: 'carl' }
  ])
  const path = await linkOf('alice')
  const asked = await visit(path, german)
  t.equal(asked.status, 200)
  for (const said of [
    'lang="en"',
    'Hello <bdi>Alice Archer</bdi>',
    site,
    '12 January 2099 at 14:05 UTC',
    'signs you in'
  ])
    t.match(asked.text, said)
  const bert = await visit(await linkOf('bert'))
  for (const said of ['lang="de"', 'Guten Tag <bdi>Bert Brandt</bdi>', site, '12. Januar 2099 um 14:05 UTC'])
    t.match(bert.text, said)
  t.notMatch((await visit(await linkOf('carl'))).text, /UTC/, 'more mails come first: no date is promised')

  await world.pool.query(`UPDATE stop SET since = now(), by = 'host'`)
  const answered = await send(path, { answer: 'confirmed' })
  t.equal(answered.status, 303, 'also while Locksmith is stopped')
  t.equal(answered.headers.get('location'), '/confirm/thanks?answer=confirmed&language=en')
  const thanks = await visit(answered.headers.get('location')!)
  t.equal(thanks.status, 200)
  t.match(thanks.text, 'You still need your access')
  await world.pool.query('UPDATE stop SET since = NULL, by = NULL')
  t.strictSame(await answers(), [
    {
      state: 'confirmed',
      answered_by: 'self',
      actor: 'user:alice',
      request_id: answered.headers.get('x-request-id')
    }
  ])
})

t.test('nobody has left by one slip: it takes a second step of its own', async (t) => {
  const { visit, send, linkOf, world } = await setStage([{ userId: 'alice', language: 'de' }])
  const path = await linkOf('alice')
  const before = await stateOf(world.pool)
  for (const sure of [await visit(`${path}?answer=left`), await send(path, { answer: 'left' })]) {
    t.equal(sure.status, 200)
    t.match(sure.text, 'wirklich nicht mehr?')
  }
  t.equal(await stateOf(world.pool), before)
  const left = await send(`${path}?answer=left`, { answer: 'left', sure: 'yes' })
  t.equal(left.headers.get('location'), '/confirm/thanks?answer=left&language=de')
  t.match((await visit(left.headers.get('location')!)).text, 'War das ein Versehen?')
  t.match(await stateOf(world.pool), /left/)
})

t.test('opening a link changes nothing, however often and by whatever program', async (t) => {
  const { visit, linkOf, contactLink, world } = await setStage([{ userId: 'alice', contact: 0 }])
  const paths = [await linkOf('alice'), await contactLink()]
  const before = await stateOf(world.pool)
  const ways = [
    { method: 'GET' },
    { method: 'HEAD' },
    { method: 'GET', headers: { purpose: 'prefetch', 'sec-purpose': 'prefetch;prerender' } },
    { method: 'OPTIONS' },
    { method: 'PUT' }
  ]
  for (const path of paths)
    for (const query of [
      '',
      '?answer=confirmed',
      '?answer=left&sure=yes',
      '?left=alice&sure=yes&utm_source=x'
    ])
      for (const way of ways) await Promise.all(Array.from({ length: 10 }, () => visit(path + query, way)))
  t.equal(await stateOf(world.pool), before)
})

t.test(
  'a link that is unknown, used, replaced, over or of another kind is dead, in the same bytes',
  async (t) => {
    const stage = await setStage([
      { userId: 'alice', contact: 0 },
      { userId: 'bert', contact: 0 }
    ])
    const { visit, send, linkOf, contactLink, world, campaign } = stage
    const { pool } = world
    const used = await linkOf('alice')
    await send(used, { answer: 'confirmed' })
    const dead = [used]
    const statements: string[][] = []
    const query = pool.query.bind(pool)
    const asked = async (path: string, way: object) => {
      const these: string[] = []
      pool.query = ((...args: [string]) => {
        these.push(args[0])
        return query(...args)
      }) as never
      const answer = await visit(path, way)
      statements.push(these)
      pool.query = query as never
      const headers = [...answer.headers].filter(([name]) => !['date', 'x-request-id'].includes(name))
      return { status: answer.status, headers, text: answer.text }
    }
    const unknown = `/confirm/${newLink().token.reveal()}`
    dead.push(unknown, '/confirm/x', `/contact/${newLink().token.reveal()}`)
    const open = await contactLink()
    dead.push(open.replace('contact', 'confirm'), (await linkOf('bert')).replace('confirm', 'contact'))
    for (const way of [{}, german]) {
      const first = await asked(unknown, way)
      t.equal(first.status, 404)
      for (const path of dead) t.strictSame(await asked(path, way), first, path.slice(0, 12))
    }
    t.equal(
      new Set(statements.map((these) => JSON.stringify(these))).size,
      1,
      'and the same is asked of the database'
    )

    await closeLinks(pool, campaign.campaignId, 1)
    const form = { answer: 'confirmed' }
    const refused = await send(unknown, form)
    t.equal(refused.status, 404)
    for (const path of [used, await linkOf('alice')]) t.equal((await send(path, form)).text, refused.text)
    t.equal((await visit(open)).text, refused.text)
    for (const path of [
      '/confirm',
      '/confirm/',
      '/contact',
      `${used}/more`,
      '/confirm/%zz',
      `/confirm/${'x'.repeat(1_100)}`
    ])
      t.equal((await visit(path)).text, refused.text, path.slice(0, 40))
    t.equal((await visit('/confirm/thanks?answer=%3Cscript%3E')).text, refused.text)
  }
)

t.test('dead links take alike long, whatever killed them', async (t) => {
  const { visit, send, linkOf } = await setStage([{ userId: 'alice' }])
  const used = await linkOf('alice')
  await send(used, { answer: 'confirmed' })
  const times: Record<'used' | 'unknown', number[]> = { used: [], unknown: [] }
  for (let n = 0; n < 80; n++)
    for (const kind of ['used', 'unknown'] as const) {
      const path = kind === 'used' ? used : `/confirm/${newLink().token.reveal()}`
      const from = performance.now()
      await visit(path)
      times[kind].push(performance.now() - from)
    }
  const median = (all: number[]) => all.toSorted((a, b) => a - b)[all.length / 2]!
  const ratio = median(times.used) / median(times.unknown)
  t.ok(ratio > 0.5 && ratio < 2, `within noise: ${ratio}`)
})

t.test('no page can be kept, framed, run, found by a search engine, or fetch anything', async (t) => {
  const { visit, send, linkOf, contactLink } = await setStage([{ userId: 'alice', contact: 0 }])
  const link = await linkOf('alice')
  const contact = await contactLink()
  const answers = [
    await visit(link),
    await visit(`${link}?answer=left`),
    await visit('/confirm/thanks?answer=left'),
    await visit('/confirm/none'),
    await visit('/confirm/%zz'),
    await visit(contact),
    await visit(`${contact}?left=alice`),
    await send(link, { odd: 'x' }),
    await send(link, { answer: 'confirmed' }),
    await send(contact, { place: 'alice', answer: 'vouched' })
  ]
  for (const { headers, text, status } of answers) {
    t.equal(headers.get('cache-control'), 'no-store', String(status))
    t.equal(headers.get('referrer-policy'), 'no-referrer')
    t.equal(headers.get('x-robots-tag'), 'noindex')
    t.equal(headers.get('x-content-type-options'), 'nosniff')
    t.match(
      headers.get('content-security-policy'),
      /^default-src 'none';style-src 'sha256-[\w+/]{43}=';form-action 'self';base-uri 'none';frame-ancestors 'none'$/
    )
    t.notMatch(text, /<script|<img|<link|@import|url\(|\son\w+=|https?:/i)
    t.equal(headers.get('set-cookie'), null)
    t.equal(headers.get('ratelimit'), null)
  }
  for (const { text } of answers) {
    t.notMatch(text, link.split('/')[2]!, 'no page has the token in it')
    t.notMatch(text, contact.split('/')[2]!)
  }
})

t.test('hostile names stay names', async (t) => {
  const name = `<script>alert(1)</script>"'&\u202e\n</bdi>{name}$&`
  const escaped = '&#60;script&#62;alert(1)&#60;/script&#62;&#34;&#39;&#38;\u202e &#60;/bdi&#62;{name}$&#38;'
  const userId = `o'"><b>`
  const { visit, linkOf, contactLink, send } = await setStage([
    { userId, displayName: name, contact: 0, address: '"><i>@acme.example' }
  ])
  const paths = [await linkOf(userId), await contactLink()]
  for (const path of [
    ...paths,
    `${paths[1]}?left=${encodeURIComponent(userId)}`,
    `${paths[1]}?after=%22%3E%3Cb%3E`
  ]) {
    const { text } = await visit(path)
    if (!path.includes('after')) t.match(text, `<bdi>${escaped}</bdi>`)
    t.notMatch(text.replaceAll(/<\/?bdi>/g, ''), /<(script|b|i)\b(?!d)|<\/bdi/i)
  }
  t.equal((await send(paths[1]!, { place: userId, answer: 'vouched' })).status, 303)
})

t.test('forms that no page of ours sends are refused kindly, and record nothing', async (t) => {
  const { visit, send, linkOf, contactLink, world } = await setStage([{ userId: 'alice', contact: 0 }])
  const link = await linkOf('alice')
  const contact = await contactLink()
  const before = await stateOf(world.pool)
  const type = (value: string) => ({ 'content-type': value })
  const cases: [number, Promise<{ status: number; text: string; headers: Headers }>][] = [
    [400, send(link, '')],
    [400, send(link, { answer: 'vouched' })],
    [400, send(link, { answer: 'excluded' })],
    [400, send(link, { answer: 'confirmed', more: '1' })],
    [400, send(link, 'answer=confirmed&answer=left')],
    [400, send(link, 'answer=confirmed&__proto__=x')],
    [400, send(link, { answer: 'left', sure: 'no' })],
    [400, visit(link, { method: 'POST' })],
    [413, send(link, { answer: 'x'.repeat(5_000) })],
    [415, send(link, '{"answer":"confirmed"}', type('application/json'))],
    [415, send(link, 'answer=confirmed', type('text/plain'))],
    [400, send(contact, { answer: 'vouched' })],
    [400, send(contact, { place: 'a\0', answer: 'vouched' })],
    [400, send(contact, { place: 'x'.repeat(201), answer: 'vouched' })],
    [400, send(contact, { place: 'alice', answer: 'confirmed' })],
    [400, visit(`${contact}?left=%00`)],
    [404, send(contact, { place: 'nobody', answer: 'vouched' })],
    [404, visit(link, { method: 'DELETE' })]
  ]
  for (const [n, [status, sent]] of cases.entries()) {
    const answer = await sent
    t.equal(answer.status, status, `${n}`)
    t.match(answer.headers.get('content-type'), 'text/html', `${n}`)
    t.match(answer.text, '<main>')
  }
  t.equal(await stateOf(world.pool), before)
  t.equal((await send('/stop', { reason: 'x' })).status, 401, 'no other route takes forms')
})

t.test('no token is in a log line, a table, a metric or a problem', async (t) => {
  const { visit, send, linkOf, contactLink, world, logged } = await setStage([
    { userId: 'alice', contact: 0 }
  ])
  const paths = [await linkOf('alice'), await contactLink()]
  const tokens = paths.map((path) => path.split('/')[2]!)
  const said: string[] = []
  for (const path of paths) {
    const encoded = path.replace('/con', '/%63on')
    const garbled = [
      `${path}/more`,
      `/x${path}`,
      `/${path}`,
      path.replace('/con', '/Con'),
      `${path}%zz`,
      path.slice(0, -9)
    ]
    for (const each of [path, encoded, `${path}?answer=left&utm=${path}`, ...garbled]) {
      await visit(each, { method: 'HEAD', headers: { 'idempotency-key': 'x' } })
      said.push((await visit(each)).text, (await send(each, { odd: path })).text)
    }
    await send(path, { answer: 'confirmed' })
    await send(path, { answer: 'vouched', place: 'alice' })
  }
  await world.pool.query('ALTER TABLE campaign_mail RENAME TO gone')
  for (const path of paths) {
    const failed = await visit(path)
    t.equal(failed.status, 500)
    said.push(failed.text)
  }
  await world.pool.query('ALTER TABLE gone RENAME TO campaign_mail')
  const places = {
    log: logged(),
    table: await dump(world.pool),
    metric: await world.metrics.registry.metrics()
  }
  t.match(places.log, '"url":"/confirm/:token"')
  t.match(places.metric, 'route="/contact/:token"')
  for (const token of tokens) {
    for (const [place, text] of Object.entries(places)) t.notOk(text.includes(token.slice(0, 30)), place)
    t.notOk(said.join('').includes(token.slice(0, 30)), 'answer')
  }
})

t.test('without a database people are told so, and that they can try again', async (t) => {
  const { visit, send, linkOf, world } = await setStage([{ userId: 'alice' }])
  const link = await linkOf('alice')
  t.strictSame((await visit('/confirm/check')).body, { service: 'locksmith' })
  const query = world.pool.query
  world.pool.query = (() =>
    Promise.reject(Object.assign(new Error('down'), { code: 'ECONNREFUSED' }))) as never
  t.equal((await visit('/confirm/check')).status, 503, 'whoever watches sees it')
  for (const away of [await visit(link), await send(link, { answer: 'confirmed' })]) {
    t.equal(away.status, 503)
    t.match(away.text, 'open the link in the mail again')
  }
  world.pool.query = query
  t.equal((await visit(link)).status, 200)
})

t.test('a contact answers for whoever has not, one by one, over pages; the link goes on', async (t) => {
  const people = Array.from({ length: 120 }, (_, n) => ({
    userId: `Person${String(n).padStart(3, '0')}`,
    displayName: `Person ${String(n).padStart(3, '0')}`,
    state: (['asked', 'waiting', 'bounced'] as const)[n % 3]!,
    contact: 0
  }))
  const { visit, send, contactLink, answers, world } = await setStage(
    [
      ...people,
      { userId: 'Done', state: 'confirmed', contact: 0 },
      { userId: 'Other', contact: 1 },
      { userId: 'Alone' }
    ],
    'de'
  )
  const link = await contactLink()
  const seen: string[] = []
  let query = ''
  for (let pages = 1; ; pages++) {
    const { text, status } = await visit(link + query)
    t.equal(status, 200)
    t.match(text, '120 Personen haben noch nicht geantwortet.')
    seen.push(...[...text.matchAll(/<h2 id="p\d+"><bdi>(.*?)</g)].map(([, name]) => name!))
    const next = /<a class="button" href="(\?after=[^"]+)">Weitere/.exec(text)?.[1]
    if (!next) {
      t.equal(pages, 3)
      break
    }
    query = next
  }
  t.strictSame(
    seen,
    people.map(({ displayName }) => displayName),
    'everybody once, and nobody else'
  )

  const vouched = await send(`${link}?after=person049`, { place: 'person050', answer: 'vouched' })
  t.equal(vouched.status, 303)
  t.equal(vouched.headers.get('location'), '?after=person049&said=vouched')
  const list = await visit(`${link}?after=person049&said=vouched`)
  t.match(list.text, 'Festgehalten: Die Person arbeitet noch hier.')
  t.match(list.text, '119 Personen')
  t.notMatch(list.text, 'Person 050<')
  t.match((await visit(`${link}?after=person050`)).text, 'Person 051<', 'also after one who dropped out')

  t.match((await send(link, { place: 'person001', answer: 'left' })).text, 'wirklich ausgeschieden?')
  await send(link, { place: 'person001', answer: 'left', sure: 'yes' })
  const again = await send(link, { place: 'person001', answer: 'vouched' })
  t.equal(again.headers.get('location'), '?said=late')
  for (const place of ['other', 'alone'])
    t.equal((await send(link, { place, answer: 'vouched' })).status, 404, 'of others nothing is said')
  const by = `contact:${contact.address}`
  t.match(await answers(), [
    { state: 'vouched', answered_by: by, actor: by },
    { state: 'left', answered_by: by, actor: by }
  ])
  await world.pool.query(`UPDATE participant SET state = 'vouched' WHERE contact = 0`)
  t.match((await visit(link)).text, 'Alle haben geantwortet')
})
