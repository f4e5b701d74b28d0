import type { Promises } from '../promises.ts'
import { alive, freeFence, revoke, seeds } from '../subject.ts'

const { session, app, wiped } = seeds

export const wipes: Promises = {
  'a device that was told to wipe still learns of it: its token stays, wherever in the list it is': {
    needs: ({ can }) => can.deletes,
    async holds({ t, subject }) {
      const orders = [
        [wiped, app, session],
        [app, wiped, session],
        [session, app, wiped],
        [wiped, wiped]
      ]
      for (const [at, order] of orders.entries()) {
        const user = `alice${at}`
        await subject.addUser(user)
        const ids = await subject.addTokens(user, order)
        const waiting = ids.filter((_, place) => order[place] === wiped)
        t.match(await revoke(subject, user), { remaining: 0, wipePending: waiting.length })
        t.same(
          (await subject.tokens(user)).map(({ id }) => id).sort((a, b) => a - b),
          waiting
        )
      }
    }
  },

  'nor does it go when it is asked for by its id, by its age or by every kind': {
    needs: ({ can }) => can.selects,
    async holds({ t, subject }) {
      await subject.addUser('alice')
      const [id] = await subject.addTokens('alice', [{ ...wiped, lastActivity: new Date('2020-01-01') }])
      for (const which of [
        { tokenId: id! },
        { lastUsedBefore: new Date() },
        { kind: 'app-password' } as const,
        { kind: 'session' } as const
      ])
        t.match(await revoke(subject, 'alice', { which }), {
          revoked: { sessions: 0, appPasswords: 0 },
          kept: { sessions: 0, appPasswords: 0 },
          wipePending: 1
        })
      t.same(await subject.tokens('alice'), [{ id, kind: 'wiped' }])
    }
  },

  'one that is to be wiped a moment after it was listed is spared, and not counted as revoked': {
    needs: ({ can }) => can.sparesLateWipes,
    async holds({ t, subject }) {
      await subject.addUser('alice')
      const [late] = await subject.addTokens('alice', [app, app])
      let done = false
      const fence = {
        ...freeFence,
        async confirm() {
          if (!done) await subject.markWiped(late!)
          done = true
        }
      }
      t.match(await revoke(subject, 'alice', { fence }), {
        revoked: { sessions: 0, appPasswords: 1 },
        remaining: 0,
        wipePending: 1
      })
      t.same(await subject.tokens('alice'), [{ id: late, kind: 'wiped' }])
    }
  },

  'a remote wipe leaves the tokens, to be wiped': {
    needs: ({ can }) => !can.deletes,
    async holds({ t, subject }) {
      await subject.addUser('alice')
      await subject.addTokens('alice', [session, app, wiped])
      const result = await revoke(subject, 'alice')
      t.same(await alive(subject, 'alice'), [])
      t.equal((await subject.tokens('alice')).length, 3)
      t.match(result, { wipePending: subject.can.counts ? 3 : 'unknown' })
    }
  }
}
