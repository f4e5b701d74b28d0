import t from 'tap'
import { createCounter } from '../../src/http/counter.ts'

t.test('a window begins with its first count, and what was left of it does not carry over', async (t) => {
  let now = 0
  const counter = createCounter(2, 60_000, () => now)
  t.same(counter.look('a'), { left: 2, seconds: 60 })
  t.same(counter.count('a'), { left: 1, seconds: 60 })
  now = 59_001
  t.same(counter.count('a'), { left: 0, seconds: 1 })
  t.same(counter.count('a'), { left: -1, seconds: 1 })
  t.same(counter.count('b'), { left: 1, seconds: 60 }, 'each name for itself')
  now = 60_000
  t.same(counter.look('a'), { left: 2, seconds: 60 })
  t.same(counter.count('a'), { left: 1, seconds: 60 })
})

t.test('however many names there are, only so many are kept: the newest', async (t) => {
  const counter = createCounter(1, 60_000, () => 0)
  for (let i = 0; i < 30_000; i++) counter.count(String(i))
  t.equal(counter.look('0').left, 1)
  t.equal(counter.look('29999').left, 0)
})
