import t from 'tap'
import { isPublic } from '../../../src/integrations/outbound/address.ts'
import { parseAllowList } from '../../../src/integrations/outbound/allow-list.ts'
import { createOutbound } from '../../../src/integrations/outbound/post.ts'
import { literals, names } from './forms.ts'
import { startListener, watch } from './listener.ts'

for (const [kind, hosts] of Object.entries(literals))
  t.test(`${kind}: no way to write it leads to a connection`, async (t) => {
    const listener = await startListener(t)
    const { dialled, post, outbound } = watch(t)
    // With the real sockets, too: what would be dialled is a port at which somebody listens.
    const real = createOutbound({ allow: parseAllowList([])! })
    t.teardown(() => real.close())
    for (const host of hosts)
      for (const scheme of ['https', 'http']) {
        const url = `${scheme}://${host}:${listener.port}/`
        t.match(await post(url), { failed: /-not-allowed$/ }, url)
        t.match(
          await real.post(new URL(url), { headers: {}, body: '', ms: 5_000 }),
          { failed: /-not-allowed$/ },
          `${url}, with sockets`
        )
        t.match(outbound.refusal(new URL(url)), /is not a public address/, `${url} is not taken at all`)
      }
    t.equal(dialled.length, 0, 'the dialler was never asked')
    t.equal(listener.connections(), 0, 'nobody connected')
  })

t.test(
  'names that lead to such addresses lead to no connection, also where only one of several is',
  async (t) => {
    const listener = await startListener(t)
    const answers = Object.fromEntries(
      Object.entries(names).map(([name, addresses]) => [name.toLowerCase(), [addresses]])
    )
    const { dialled, post } = watch(t, { answers })
    for (const name of Object.keys(names))
      t.match(
        await post(`https://${name}:${listener.port}/`),
        { failed: name.startsWith('nobody') ? 'name-not-resolved' : 'address-not-allowed' },
        name
      )
    t.equal(dialled.length, 0)
    t.equal(listener.connections(), 0)
  }
)

t.test('a name that is rebound between the check and the connection does not get one', async (t) => {
  const listener = await startListener(t)
  const rebound = { 'rebind.example.org': [['93.184.216.34'], ['127.0.0.1']] }
  const { dialled, resolved, post } = watch(t, { answers: rebound, lead: listener.port })
  await post('https://rebind.example.org/')
  t.same(
    dialled,
    [{ addresses: ['93.184.216.34'], hostname: 'rebind.example.org' }],
    'what was checked is dialled'
  )
  t.equal(resolved.length, 1, 'and nothing is looked up a second time')
  t.match(await post('https://rebind.example.org/'), { failed: 'address-not-allowed' })
  t.equal(dialled.length, 1)
})

t.test('the sockets dial what was looked up, and look nothing up themselves', async (t) => {
  const listener = await startListener(t)
  const outbound = createOutbound({
    allow: parseAllowList([`http://any.name.invalid:${listener.port}`])!,
    resolve: async () => ['127.0.0.1']
  })
  t.teardown(() => outbound.close())
  const url = new URL(`http://any.name.invalid:${listener.port}/`)
  await outbound.post(url, { headers: {}, body: '', ms: 5_000 })
  t.equal(listener.connections(), 1, 'no name server knows this name')
})

t.test('public addresses are dialled', async (t) => {
  const { dialled, post } = watch(t, {
    answers: { 'example.org': [['93.184.216.34', '2606:2800:220:1::']] },
    lead: 1
  })
  for (const host of ['93.184.216.34', '[2606:2800:220:1::]', 'example.org', '1.1.1.1', '223.255.255.255'])
    await post(`https://${host}/`)
  t.equal(dialled.length, 5)
})

t.test('what is public, address by address at the borders of the ranges', async (t) => {
  const pairs: [inside: string, outside: string][] = [
    ['10.255.255.255', '11.0.0.0'],
    ['100.64.0.0', '100.63.255.255'],
    ['100.127.255.255', '100.128.0.0'],
    ['127.255.255.255', '128.0.0.1'],
    ['172.16.0.0', '172.15.255.255'],
    ['172.31.255.255', '172.32.0.0'],
    ['192.168.0.0', '192.167.255.255'],
    ['198.19.255.255', '198.20.0.0'],
    ['224.0.0.0', '223.255.255.255'],
    ['2001:1ff:ffff::', '2001:200::'],
    ['2002:ffff::', '2003::1'],
    ['2001:db8:ffff::', '2001:db9::'],
    ['1fff:ffff::', '2400::1']
  ]
  for (const [inside, outside] of pairs) {
    t.notOk(isPublic(inside), inside)
    t.ok(isPublic(outside), outside)
  }
  for (const none of ['', 'localhost', '1.2.3', '1.2.3.4.5', '256.1.1.1', ':::', '1.2.3.4/32'])
    t.notOk(isPublic(none), none)
})
