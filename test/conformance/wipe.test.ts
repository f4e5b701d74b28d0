import t from 'tap'
import { conforms } from './promises.ts'
import { freeFence, revoke } from './subject.ts'
import { wipeSubject } from './wipe-subject.ts'

t.test('a remote wipe, seen by another driver', (t) => conforms(t, (t) => wipeSubject(t, true)))

t.test('a remote wipe that nobody sees', (t) => conforms(t, (t) => wipeSubject(t, false)))

t.test('a part of the tokens cannot be wiped: nothing is, and it says what can do that', async (t) => {
  const subject = await wipeSubject(t, true)
  await subject.addUser('alice')
  await subject.addTokens('alice', [{ kind: 'session' }, { kind: 'app-password' }])
  for (const which of [{ kind: 'session' } as const, { tokenId: 1 }, { lastUsedBefore: new Date() }])
    await t.rejects(revoke(subject, 'alice', { which }), { isPassing: false, message: /OCC_COMMAND/ })
  t.equal((await subject.tokens('alice')).filter(({ kind }) => kind === 'wiped').length, 0)
})

t.test(
  'more tokens than a wipe marks at once are wiped again and again, and what is left is said',
  async (t) => {
    const subject = await wipeSubject(t, true)
    await subject.addUser('alice')
    await subject.addTokens('alice', Array(1_003).fill({ kind: 'app-password' }))
    const result = await subject.driver(freeFence).revoke({
      operationId: 'x',
      userId: 'alice',
      which: {},
      fence: freeFence,
      progress: null,
      saveProgress: async () => {},
      onLogin: async () => {}
    })
    t.match(result, { revoked: { appPasswords: 1_000 }, remaining: 3, wipePending: 1_000 })
  }
)
