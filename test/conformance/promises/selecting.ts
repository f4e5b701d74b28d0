import type { Promises } from '../promises.ts'
import { alive, revoke, seeds } from '../subject.ts'

const { session, app } = seeds
const old = new Date('2024-01-01T00:00:00Z')
const middle = new Date('2024-06-01T00:00:00Z')
const never = new Date(0)

export const selecting: Promises = {
  'it works here, and says so': {
    async holds({ t, subject }) {
      const { probe } = subject.driver({ confirm: async () => {}, isFresh: () => true })
      t.same(await probe(), { works: true })
    }
  },

  'every session and every app password is gone': {
    async holds({ t, subject }) {
      await subject.addUser('alice')
      await subject.addTokens('alice', [session, app, app, session, app])
      const result = await revoke(subject, 'alice')
      t.match(result, { kind: 'revoked' })
      t.same(await alive(subject, 'alice'), [])
      if (subject.can.counts) {
        t.match(result, {
          revoked: { sessions: 2, appPasswords: 3 },
          remaining: 0,
          kept: { sessions: 0, appPasswords: 0 }
        })
      }
    }
  },

  'a user without any has none, and that is no error': {
    async holds({ t, subject }) {
      await subject.addUser('alice')
      const result = await revoke(subject, 'alice')
      t.match(result, { kind: 'revoked' })
      if (subject.can.counts) t.match(result, { revoked: { sessions: 0, appPasswords: 0 }, remaining: 0 })
    }
  },

  'only the kind that is asked for goes, and the rest is counted as kept': {
    needs: ({ can }) => can.selects,
    async holds({ t, subject }) {
      await subject.addUser('alice')
      const [one, other, kept] = await subject.addTokens('alice', [session, session, app])
      t.match(await revoke(subject, 'alice', { which: { kind: 'session' } }), {
        revoked: { sessions: 2, appPasswords: 0 },
        remaining: 0,
        kept: { sessions: 0, appPasswords: 1 }
      })
      t.same(await subject.tokens('alice'), [{ id: kept, kind: 'app-password' }], `not ${one} and ${other}`)
      t.match(await revoke(subject, 'alice', { which: { kind: 'app-password' } }), {
        revoked: { sessions: 0, appPasswords: 1 }
      })
      t.same(await subject.tokens('alice'), [])
    }
  },

  'what was last used before goes; what was used since, or nobody knows when, stays': {
    needs: ({ can }) => can.selects,
    async holds({ t, subject }) {
      await subject.addUser('alice')
      const [gone, exact, since, unknown] = await subject.addTokens('alice', [
        { ...app, lastActivity: old },
        { ...app, lastActivity: middle },
        app,
        { ...session, lastActivity: never }
      ])
      t.match(await revoke(subject, 'alice', { which: { lastUsedBefore: middle } }), {
        revoked: { sessions: 0, appPasswords: 1 },
        remaining: 0,
        kept: { sessions: 1, appPasswords: 2 }
      })
      t.same(
        (await subject.tokens('alice')).map(({ id }) => id).sort((a, b) => a - b),
        [exact, since, unknown],
        `${gone} is gone`
      )
    }
  },

  'one token goes alone, and only if it is the user’s': {
    needs: ({ can }) => can.selects,
    async holds({ t, subject }) {
      await subject.addUser('alice')
      await subject.addUser('bob')
      const [first, second] = await subject.addTokens('alice', [app, app])
      const [others] = await subject.addTokens('bob', [app])
      for (const tokenId of [others!, -1, 1.5, Number.NaN]) {
        t.match(await revoke(subject, 'alice', { which: { tokenId } }), {
          revoked: { sessions: 0, appPasswords: 0 }
        })
      }
      t.equal((await subject.tokens('bob')).length, 1)
      t.match(await revoke(subject, 'alice', { which: { tokenId: first! } }), {
        revoked: { sessions: 0, appPasswords: 1 },
        kept: { sessions: 0, appPasswords: 1 }
      })
      t.same(await subject.tokens('alice'), [{ id: second, kind: 'app-password' }])
    }
  }
}
