import type { Promises } from '../promises.ts'
import { freeFence, revoke, seeds } from '../subject.ts'

const { session, app } = seeds

export const links: Promises = {
  'a lock-out kills a reset link that was mailed before, and says so when it has read it back': {
    needs: ({ can }) => can.killsLinks,
    async holds({ t, subject }) {
      const kinds = [{}, { kind: 'session' }, { kind: 'app-password' }] as const
      for (const [at, which] of kinds.entries()) {
        const user = `alice${at}`
        await subject.addUser(user)
        await subject.addTokens(user, [session])
        await subject.mailLink(user)
        t.ok(await subject.hasLink(user), 'there before')
        t.match(await revoke(subject, user, { which }), { earlierResetLink: 'dead' })
        t.notOk(await subject.hasLink(user), 'not after')
      }
    }
  },

  'where no link is pending, none is said to be': {
    needs: ({ can }) => can.killsLinks,
    async holds({ t, subject }) {
      await subject.addUser('alice')
      t.match(await revoke(subject, 'alice'), { earlierResetLink: 'dead' })
    }
  },

  'who loses one device keeps the link, and it is not said to be dead': {
    needs: ({ can }) => can.killsLinks && can.waits > 0,
    async holds({ t, subject }) {
      await subject.addUser('alice')
      const [id] = await subject.addTokens('alice', [app])
      await subject.mailLink('alice')
      const { hasResetLink } = subject.driver(freeFence)
      t.equal(await hasResetLink!('alice'), true)
      for (const which of [{ lastUsedBefore: new Date(1_000) }, { tokenId: id! }])
        t.match(await revoke(subject, 'alice', { which }), { earlierResetLink: 'unknown' })
      t.ok(await subject.hasLink('alice'))
      t.match(await revoke(subject, 'alice'), { earlierResetLink: 'dead' })
      t.equal(await hasResetLink!('alice'), false)
      t.match(await revoke(subject, 'alice', { which: { tokenId: 4 } }), { earlierResetLink: 'dead' })
    }
  },

  'the link of others stays': {
    needs: ({ can }) => can.killsLinks,
    async holds({ t, subject }) {
      await subject.addUser('alice')
      await subject.addUser('bob')
      await subject.mailLink('bob')
      await revoke(subject, 'alice')
      t.ok(await subject.hasLink('bob'))
    }
  }
}
