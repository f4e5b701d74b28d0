import type { Promises } from '../promises.ts'
import type { Case } from '../subject.ts'
import { alive, freeFence, revoke, seeds } from '../subject.ts'

const { session, app } = seeds
const failures = ['NextcloudError', 'RevocationError']

/** An attempt that is ended by `blow` at its n-th change. @returns what it had saved */
async function attempt({ t, subject }: Case, user: string, change: number, blow: () => Promise<void> | void) {
  let changes = 0
  let progress: Record<string, unknown> | null = null
  const fence = {
    ...freeFence,
    async confirm() {
      if (++changes === change) await blow()
    }
  }
  const error = await revoke(subject, user, {
    fence,
    saveProgress: async (saved) => {
      progress = JSON.parse(JSON.stringify(saved))
    }
  }).catch((error) => error)
  t.ok(error instanceof Error, 'the attempt fails')
  return { error, progress }
}

export const interrupted: Promises = {
  'an attempt that ends amid its deletes is done again, and all of them are counted': {
    async holds(at) {
      const { t, subject } = at
      for (const change of subject.can.oneByOne ? [1, 2, 6] : [1]) {
        const user = `alice${change}`
        await subject.addUser(user)
        await subject.addTokens(user, [session, app, app, app, app, app, session])
        const { error, progress } = await attempt(at, user, change, () => {
          throw new Error('taken over')
        })
        t.equal(error.message, 'taken over', 'what the fence says is what is said')
        const result = await revoke(subject, user, { progress })
        t.same(await alive(subject, user), [])
        if (subject.can.counts) t.match(result, { revoked: { sessions: 2, appPasswords: 5 }, remaining: 0 })
      }
    }
  },

  'what an attempt deleted before it failed is counted by the next': {
    needs: ({ can }) => can.counts,
    async holds({ t, subject }) {
      await subject.addUser('alice')
      const ids = await subject.addTokens('alice', [session, app, app])
      let progress: Record<string, unknown> | null = null
      await t.rejects(
        revoke(subject, 'alice', {
          async saveProgress(saved) {
            progress = JSON.parse(JSON.stringify(saved))
            await subject.loseReadBack('alice')
          }
        })
      )
      await subject.mend()
      t.notOk((await alive(subject, 'alice')).some(({ id }) => ids.includes(id)))
      await subject.addTokens('alice', [session])
      t.match(await revoke(subject, 'alice', { progress }), {
        revoked: { sessions: 2, appPasswords: 2 },
        remaining: 0
      })
    }
  },

  'progress of another shape is no reason to fail': {
    async holds({ t, subject }) {
      await subject.addUser('alice')
      for (const progress of [
        { tokens: 'x' },
        { tokens: { a: 'x', '7': 3 } },
        { tokens: null },
        { other: [] }
      ])
        t.match(await revoke(subject, 'alice', { progress }), { kind: 'revoked' })
    }
  },

  'where the fence refuses, nothing is deleted': {
    async holds({ t, subject }) {
      await subject.addUser('alice')
      await subject.addTokens('alice', [session, app])
      await subject.mailLink('alice')
      const had = await subject.hasLink('alice')
      const refuses = {
        confirm: async () => {
          throw new Error('taken over')
        },
        isFresh: () => true
      }
      const stale = { confirm: async () => {}, isFresh: () => false }
      for (const fence of [refuses, stale]) {
        await t.rejects(revoke(subject, 'alice', { fence }))
        t.equal((await alive(subject, 'alice')).length, 2)
        t.equal(await subject.hasLink('alice'), had)
      }
    }
  },

  'broken off at any change it throws, and done again it completes': {
    async holds(at) {
      const { t, subject } = at
      await subject.addUser('alice')
      await subject.addTokens('alice', [session, app, app])
      for (const change of subject.can.oneByOne ? [1, 2] : [1]) {
        const { error } = await attempt(at, 'alice', change, () => subject.breakOff())
        t.ok(failures.includes(error.name), `${error}`)
        if (error.name === 'RevocationError') t.ok(error.isPassing, error.message)
        await subject.mend()
        await subject.addTokens('alice', [app])
      }
      t.match(await revoke(subject, 'alice'), { kind: 'revoked' })
      t.same(await alive(subject, 'alice'), [])
    }
  },

  'what cannot be read back is no 0': {
    needs: ({ can }) => can.counts,
    async holds({ t, subject }) {
      await subject.addUser('alice')
      const ids = await subject.addTokens('alice', [session, app])
      const lost = revoke(subject, 'alice', { saveProgress: () => subject.loseReadBack('alice') })
      await t.rejects(lost)
      const still = (await alive(subject, 'alice')).filter(({ id }) => ids.includes(id))
      t.same(still, [], 'they were deleted all the same')
      await subject.mend()
      t.match(await revoke(subject, 'alice'), { remaining: 0 })
    }
  }
}
