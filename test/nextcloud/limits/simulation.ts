import { NextcloudError } from '../../../src/nextcloud/errors.ts'
import type { Grant, Limited, Limits } from '../../../src/nextcloud/limits.ts'
import { createRandom } from '../../faults/harness/random.ts'
import { type Governed, spend as spendGrant } from '../../support/governed.ts'

export type Plan = {
  seed: number
  limited: Limited
  replicas: Limits[]
  /** Who makes how many calls, one after the other. */
  users: string[]
  callsEach: number
  /** Everybody comes for the first time within so many seconds. */
  arriveWithin: number
  /** Things go wrong: holders die, calls are lost, refused, not sent. */
  rough: boolean
}

/** A call as Nextcloud counted it. */
export type Counted = { user: string; account: string | undefined; at: number }

/** How one call came to be made: when it was first asked for, when it was to be its turn, when it was. */
export type Passage = { user: string; asked: number; promised: number[]; granted: number }

/**
 * Plays operations that want to call Nextcloud, event after event by a clock that jumps from one to the next: so
 * hours pass in seconds, and the same seed gives the same story.
 */
export async function simulate({ now, setClock, at }: Governed, plan: Plan) {
  const { next, pick, below } = createRandom(plan.seed)
  const events: { at: number; run: () => Promise<void> }[] = []
  const later = (seconds: number, run: () => Promise<void>) => {
    events.push({ at: now() + seconds, run })
    events.sort((a, b) => a.at - b.at)
  }
  const counted: Counted[] = []
  const passages: Passage[] = []
  const seen = { crashed: 0, lost: 0, unsent: 0, refused: 0, tooOld: 0 }
  let left = plan.users.length * plan.callsEach

  function come(user: string, call: number) {
    const holder = `${user}-${call}`
    const passage: Passage = { user, asked: Number.NaN, promised: [], granted: 0 }

    async function ask(): Promise<void> {
      if (Number.isNaN(passage.asked)) passage.asked = now()
      const turn = await pick(plan.replicas).turn(plan.limited, user, holder)
      if (!('grant' in turn)) {
        passage.promised.push(at(turn.notBefore))
        return later(at(turn.notBefore) - now() + next(), ask)
      }
      passage.granted = now()
      const dies = plan.rough && below(12) === 0
      if (dies) {
        seen.crashed++
        return later(5 + below(20), ask)
      }
      const dawdles = plan.rough && below(15) === 0
      later(dawdles ? 130 : next() * 10, () => spend(turn.grant))
    }

    /** The call is under way for a while, and Nextcloud counts it at some moment of that. */
    async function spend(grant: Grant): Promise<void> {
      let answer: ((error?: Error) => void) | undefined
      const spent = spendGrant(
        pick(plan.replicas),
        grant,
        () => new Promise<void>((resolve, reject) => (answer = (e) => (e ? reject(e) : resolve())))
      ).then(
        () => undefined,
        (error: Error) => error
      )
      const early = await Promise.race([spent, until(() => answer !== undefined)])
      if (!answer) {
        seen.tooOld++
        if (!(early instanceof NextcloudError && early.notSent)) throw new Error('void leave was used')
        return later(1, ask)
      }
      const fate = plan.rough
        ? pick(['well', 'well', 'well', 'well', 'died', 'lost', 'unsent', 'refused'])
        : 'well'
      const takes = fate === 'lost' || fate === 'died' ? next() * 110 : next() * 20
      const count = async () => {
        counted.push({ user, account: grant.account, at: now() })
      }
      if (fate === 'unsent') seen.unsent++
      else later(next() * takes, count)
      later(takes, async () => {
        if (fate === 'died' || fate === 'lost') seen.lost++
        if (fate === 'died') return later(1, ask)
        answer!(errors[fate]?.())
        await spent
        if (fate === 'refused') seen.refused++
        if (fate !== 'well') return later(1, ask)
        passages.push(passage)
        left--
        if (call < plan.callsEach) come(user, call + 1)
      })
    }

    later(call === 1 ? next() * plan.arriveWithin : next() * 30, ask)
  }

  for (const user of plan.users) come(user, 1)
  while (events.length > 0) {
    const event = events.shift()!
    await setClock(event.at)
    await event.run()
  }
  if (left > 0) throw new Error(`${left} never had their turn`)
  return { counted, passages, seen, ended: now() }
}

const errors: Record<string, (() => NextcloudError) | undefined> = {
  lost: () => new NextcloudError('effect-unknown', 'The answer was lost.'),
  unsent: () => new NextcloudError('down', 'Nobody there.', { notSent: true }),
  refused: () => new NextcloudError('busy', 'Slow down (429).', { isLimit: true })
}

async function until(holds: () => boolean): Promise<undefined> {
  for (let i = 0; i < 5_000 && !holds(); i++) await new Promise((resolve) => setTimeout(resolve, 1))
  return undefined
}
