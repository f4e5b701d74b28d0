/** Every way to write an address that is not for everybody, and names that stand for one. */

/** The host of a URL, as an attacker writes it. `::1` and the like in brackets. */
export const literals: Record<string, string[]> = {
  loopback: [
    '127.0.0.1',
    '127.1',
    '127.0.1',
    '127.255.255.254',
    '2130706433',
    '0x7f000001',
    '0x7f.0.0.1',
    '0x7f.1',
    '0177.0.0.1',
    '017700000001',
    '0177.0x0.0.1',
    '127。0。0。1',
    '①②⑦.⓪.⓪.①',
    '%31%32%37.0.0.1',
    '[::1]',
    '[0:0:0:0:0:0:0:1]',
    '[0000::0001]'
  ],
  'this host': ['0', '0.0.0.0', '0x0', '0.0.0.1', '[::]'],
  private: [
    '10.0.0.1',
    '10.1',
    '167772161',
    '172.16.0.1',
    '172.31.255.254',
    '192.168.1.1',
    '0xc0a80101',
    '192.168.257'
  ],
  'link-local and metadata': [
    '169.254.169.254',
    '2852039166',
    '0xa9fea9fe',
    '0251.0376.0251.0376',
    '169.254.43518',
    '[fe80::1]',
    '[febf::1]'
  ],
  'carrier-grade NAT': ['100.64.0.1', '100.127.255.254'],
  'protocol assignments': ['192.0.0.1', '192.0.0.170', '[2001:2::1]', '[2001:10::1]'],
  benchmarks: ['198.18.0.1', '198.19.255.254'],
  documentation: ['192.0.2.1', '198.51.100.1', '203.0.113.1', '[2001:db8::1]', '[3fff::1]'],
  multicast: ['224.0.0.1', '239.255.255.255', '[ff02::1]', '[ff0e::1]'],
  'reserved and broadcast': ['240.0.0.1', '255.255.255.255', '4294967295'],
  'IPv4 mapped': [
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[::FFFF:10.0.0.1]',
    '[::ffff:169.254.169.254]',
    '[0:0:0:0:0:ffff:7f00:0001]',
    '[::ffff:8.8.8.8]'
  ],
  'IPv4 compatible and translated': ['[::127.0.0.1]', '[::7f00:1]', '[::ffff:0:127.0.0.1]', '[::8.8.8.8]'],
  NAT64: [
    '[64:ff9b::127.0.0.1]',
    '[64:ff9b::7f00:1]',
    '[64:ff9b::a9fe:a9fe]',
    '[64:ff9b:1::7f00:1]',
    '[64:ff9b::8.8.8.8]'
  ],
  '6to4': [
    '[2002:7f00:1::]',
    '[2002:7f00:0001::1]',
    '[2002:a9fe:a9fe::1]',
    '[2002:808:808::1]',
    '192.88.99.1'
  ],
  Teredo: ['[2001::1]', '[2001:0:7f00:1::1]', '[2001:0:4136:e378:8000:63bf:80ff:fffe]'],
  'unique and site local': ['[fc00::1]', '[fd12:3456:789a::1]', '[fec0::1]'],
  'not unicast yet': ['[4000::1]', '[100::1]', '[5f00::1]', '[1::1]']
}

/** Names, and what the resolver says to them. */
export const names: Record<string, string[]> = {
  'internal.example.org': ['10.0.0.5'],
  localhost: ['127.0.0.1'],
  'localhost.': ['127.0.0.1', '::1'],
  LOCALHOST: ['::1'],
  '127.0.0.1.nip.io': ['127.0.0.1'],
  'metadata.google.internal': ['169.254.169.254'],
  'mixed.example.org': ['93.184.216.34', '127.0.0.1'],
  'mixed-the-other-way.example.org': ['127.0.0.1', '93.184.216.34'],
  'mixed-families.example.org': ['93.184.216.34', '::1'],
  'mapped.example.org': ['::ffff:127.0.0.1'],
  'nat64.example.org': ['64:ff9b::7f00:1'],
  '6to4.example.org': ['2002:7f00:1::'],
  'teredo.example.org': ['2001::1'],
  'link-local.example.org': ['fe80::1%eth0'],
  'no-address.example.org': ['not an address'],
  'nobody.example.org': []
}
