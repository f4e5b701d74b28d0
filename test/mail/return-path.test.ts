import t from 'tap'
import { mailIdOf, newMailId, returnPathOf } from '../../src/mail/return-path.ts'

t.test('an id is 26 characters that survive lower-casing and cannot be mistaken', async (t) => {
  const ids = Array.from({ length: 1_000 }, newMailId)
  t.equal(new Set(ids).size, ids.length)
  const used = new Set(ids.join(''))
  t.equal(used.size, 32, 'five bits each')
  t.ok(ids.every((id) => /^[a-km-np-z2-9]{26}$/.test(id)))
})

t.test('a return path leads back to its mail, however it was rewritten on its way', async (t) => {
  const id = newMailId()
  const path = returnPathOf('bounces@example.org', id)
  t.equal(path, `bounces+${id}@example.org`)
  for (const text of [
    path,
    path.toUpperCase(),
    `<${path}>`,
    `"Someone" <someone@example.net>, <${path}>`,
    `SRS0=Xk2s=AB=example.org=bounces+${id}@relay.example.net`,
    `prvs=0123456789=${path}`,
    id,
    ` ${id}\r\n`
  ])
    t.equal(mailIdOf(text), id, text)
  t.equal(mailIdOf(returnPathOf('a+b@example.org', id)), id)
})

t.test('what is no return path of ours leads nowhere', async (t) => {
  const id = newMailId()
  for (const text of [
    '',
    'bounces@example.org',
    'a+b@example.org',
    `bounces+${id}x@example.org`,
    `x${id}`,
    `${id}@a`
  ])
    t.equal(mailIdOf(text), undefined, text)
})
