import t from 'tap'
import {
  canonicalAddress,
  isWithin,
  networks,
  parseNetwork,
  placeOfAddress
} from '../../src/access/network.ts'

t.test('an address is in a network however it is written', async (t) => {
  for (const [cidr, address, is] of [
    ['10.0.0.0/8', '10.255.0.1', true],
    ['10.0.0.0/8', '11.0.0.1', false],
    ['10.0.0.0/8', '::ffff:10.1.2.3', true],
    ['10.0.0.0/8', '::ffff:0a01:0203', true],
    ['::ffff:10.0.0.0/104', '10.1.2.3', true],
    ['::ffff:10.0.0.0/104', '11.1.2.3', false],
    ['192.0.2.7', '192.0.2.7', true],
    ['192.0.2.7', '192.0.2.8', false],
    ['2001:db8::/32', '2001:DB8:0:0::1', true],
    ['2001:db8::/32', '2001:db9::1', false],
    ['fe80::/10', 'fe80::1%eth0', true],
    ['::1', '0:0:0:0:0:0:0:1', true],
    ['0.0.0.0/0', '203.0.113.9', true],
    ['0.0.0.0/0', '2001:db8::1', false],
    ['::/0', '203.0.113.9', false],
    ['::/0', '::ffff:203.0.113.9', false],
    ['0.0.0.0/0', 'unknown', false],
    ['0.0.0.0/0', '', false]
  ] as const)
    t.equal(networks([cidr])(address), is, `${address} in ${cidr}`)
})

t.test('what is no network is none', async (t) => {
  for (const text of [
    ...[
      '',
      'x',
      '10.0.0.0/33',
      '10.0.0.0/-1',
      '10.0.0.0/08',
      '10.0.0.0/',
      '10.0.0/8',
      '010.0.0.0/8',
      '::/129'
    ],
    ...['::ffff:10.0.0.0/64', ' 10.0.0.1', '10.0.0.1\n', 'fe80::1%eth0', '10.0.0.0/8/8', 'localhost']
  ])
    t.equal(parseNetwork(text), undefined, JSON.stringify(text))
})

t.test('a network is within another only where all of it is', async (t) => {
  t.ok(isWithin(['10.1.0.0/16', '10.0.0.1'], ['192.0.2.0/24', '10.0.0.0/8']))
  t.ok(isWithin(['::ffff:10.1.0.0/112'], ['10.0.0.0/8']))
  t.notOk(isWithin(['10.0.0.0/7'], ['10.0.0.0/8']))
  t.notOk(isWithin(['10.0.0.1', '11.0.0.1'], ['10.0.0.0/8']))
  t.notOk(isWithin(['10.0.0.0/8'], ['::/0']))
  t.notOk(isWithin(['::1'], ['0.0.0.0/0']))
})

t.test('tries are counted for a whole /64', async (t) => {
  t.equal(placeOfAddress('2001:db8::1'), placeOfAddress('2001:DB8:0:0:ffff:1:2:3'))
  t.not(placeOfAddress('2001:db8::1'), placeOfAddress('2001:db8:0:1::1'))
  t.equal(placeOfAddress('::ffff:192.0.2.7'), '192.0.2.7')
  t.not(placeOfAddress('192.0.2.7'), placeOfAddress('192.0.2.8'))
  t.equal(placeOfAddress('x'), 'unknown')
  t.equal(canonicalAddress('2001:0db8:0000::0001'), '2001:db8::1')
})
