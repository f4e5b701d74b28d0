import type { Promises } from '../promises.ts'
import { alive, failureOf, revoke, seeds } from '../subject.ts'

const { session, app } = seeds

export const others: Promises = {
  'users with similar ids keep what they have': {
    async holds({ t, subject }) {
      await subject.addUser('alice')
      await subject.addTokens('alice', [session, app])
      for (const id of subject.can.similarIds) {
        await subject.addUser(id)
        await subject.addTokens(id, [app, session])
      }
      t.match(await revoke(subject, 'alice'), { kind: 'revoked' })
      t.same(await alive(subject, 'alice'), [])
      for (const id of subject.can.similarIds) t.equal((await alive(subject, id)).length, 2, `"${id}"`)
      for (const id of subject.can.similarIds) {
        t.match(await revoke(subject, id), { kind: 'revoked' })
        t.same(await alive(subject, id), [], `"${id}"`)
      }
    }
  },

  'whatever an id consists of, it is that user’s': {
    async holds({ t, subject }) {
      await subject.addUser('alice')
      await subject.addTokens('alice', [app])
      for (const id of subject.can.hostileIds) {
        await subject.addUser(id)
        await subject.addTokens(id, [app])
      }
      const { list } = subject.driver({ confirm: async () => {}, isFresh: () => true })
      for (const id of subject.can.hostileIds) {
        if (list) t.equal((await list(id)).length, 1, `"${id}" is listed`)
        t.match(await revoke(subject, id), { kind: 'revoked' }, `"${id}"`)
        t.same(await alive(subject, id), [], `"${id}" has none any more`)
      }
      t.equal((await alive(subject, 'alice')).length, 1)
    }
  },

  'an unknown user is an error, and not one without tokens': {
    needs: ({ can }) => can.knowsUsers,
    async holds({ t, subject }) {
      await subject.addUser('alice')
      await subject.addTokens('alice', [app])
      const result = await revoke(subject, 'nobody').catch((error) => error)
      t.not(result.kind, 'revoked')
      const { list, hasResetLink } = subject.driver({ confirm: async () => {}, isFresh: () => true })
      // As it is written matters: a delete for another spelling would say nothing and do nothing.
      for (const id of ['nobody', 'ALICE']) {
        if (list) t.equal(await failureOf(list(id)), 'unknown-user', id)
        if (hasResetLink) t.equal(await failureOf(hasResetLink(id)), 'unknown-user', id)
      }
    }
  },

  'an id that nobody can have reaches nothing': {
    async holds({ t, subject }) {
      const { list } = subject.driver({ confirm: async () => {}, isFresh: () => true })
      for (const id of ['', 'a\0b', '\ud800'])
        if (list) t.equal(await failureOf(list(id)), 'unknown-user', id)
    }
  }
}
