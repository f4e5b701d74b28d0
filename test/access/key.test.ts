import t from 'tap'
import { hashOf, isSameHash, makeKey, parseKey } from '../../src/access/key.ts'

t.test('a key carries its id, and one that was mistyped is known for it without the database', async (t) => {
  const { id, key, hash } = makeKey()
  t.match(key, /^lsk_[0-9A-Za-z]{12}_[0-9A-Za-z]{38}$/)
  t.equal(parseKey(key), id)
  t.ok(isSameHash(hashOf(key), hash))
  for (let i = 4; i < key.length; i++) {
    const wrong = key.slice(0, i) + (key[i] === 'x' ? 'y' : 'x') + key.slice(i + 1)
    t.equal(parseKey(wrong), undefined, `position ${i}`)
  }
  for (const other of ['', 'lsk_', `${key}x`, ` ${key}`, key.toUpperCase(), 'x'.repeat(10_000)])
    t.equal(parseKey(other), undefined)
})

t.test('no two keys are alike', async (t) => {
  t.equal(new Set(Array.from({ length: 1_000 }, () => makeKey().key)).size, 1_000)
})
