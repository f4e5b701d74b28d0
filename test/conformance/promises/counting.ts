import type { Promises } from '../promises.ts'
import { alive, freeFence, revoke, seeds } from '../subject.ts'

const { session, app } = seeds

export const counting: Promises = {
  'tokens that appear while others are deleted go, too, and are counted': {
    needs: ({ can }) => can.counts && can.deletes,
    async holds({ t, subject }) {
      await subject.addUser('alice')
      await subject.addTokens('alice', [app, session])
      let saved = 0
      const result = await revoke(subject, 'alice', {
        async saveProgress() {
          if (saved++ < 2) await subject.addTokens('alice', [app])
        }
      })
      t.match(result, { revoked: { sessions: 1, appPasswords: 3 }, remaining: 0 })
      t.same(await alive(subject, 'alice'), [])
    }
  },

  'one that is made with what Nextcloud has in its cache is found after the wait': {
    needs: ({ can }) => can.waits > 0,
    async holds({ t, subject }) {
      await subject.addUser('alice')
      await subject.addTokens('alice', [app])
      let isPlanned = false
      const fence = {
        ...freeFence,
        async confirm() {
          if (!isPlanned) setTimeout(() => subject.addTokens('alice', [app]), subject.can.waits * 0.9)
          isPlanned = true
        }
      }
      t.match(await revoke(subject, 'alice', { fence }), { revoked: { appPasswords: 2 }, remaining: 0 })
      t.same(await alive(subject, 'alice'), [])
    }
  },

  'the cache is waited out after the last delete, of whatever attempt; nothing deleted, no wait': {
    needs: ({ can }) => can.waits > 0,
    async holds({ t, subject }) {
      await subject.addUser('alice')
      const [id] = await subject.addTokens('alice', [app])
      const took = async (progress: Record<string, unknown> | null) => {
        let lastChange = performance.now()
        const fence = {
          ...freeFence,
          async confirm() {
            lastChange = performance.now()
          }
        }
        await revoke(subject, 'alice', { fence, progress })
        return performance.now() - lastChange
      }
      t.ok((await took(null)) >= subject.can.waits, 'after a delete')
      const afterCrash = await took({ tokens: { [id!]: 'app-password' } })
      t.ok(afterCrash >= subject.can.waits, 'after a crash that may have followed a delete')
      const idle = await took(null)
      t.ok(idle < afterCrash - subject.can.waits / 2, `not where nothing was to go (${idle} ms)`)
    }
  },

  'what cannot be kept up with is left, and said': {
    needs: ({ can }) => can.counts && can.deletes,
    async holds({ t, subject }) {
      await subject.addUser('alice')
      await subject.addTokens('alice', [app])
      const result = await revoke(subject, 'alice', {
        saveProgress: async () => {
          await subject.addTokens('alice', [app])
        }
      })
      t.match(result, { kind: 'revoked', remaining: (await alive(subject, 'alice')).length - 1 })
      t.ok((result as { remaining: number }).remaining > 0)
    }
  }
}
