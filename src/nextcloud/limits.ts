import type { Pool } from '../db/pool.ts'
import { inTransaction } from '../db/transaction.ts'
import { beforeSending, NextcloudError } from './errors.ts'
import {
  type Budget,
  beginUses,
  findTurn,
  findUses,
  giveBackUses,
  halve,
  keepPlace,
  leaveLine,
  lockBudgets,
  settleUses,
  use
} from './limits.sql.ts'
import { remembered } from './remembered.ts'
import type { Wire } from './wire.ts'

/** What Nextcloud limits of that which we do. */
export type Limited = 'password' | 'mail'

/** Leave for one call, counted before it is made. `account`: the admin by whom to make it; `spent`: it was made. */
export type Grant = { budgets: Budget[]; uses: number[]; account?: string; spent?: boolean }

/** Whose turn it is not yet: `at` by the database's clock. */
export type Turn = { grant: Grant } | { notBefore: Date; because: string }

/** What Nextcloud says of our address, live. */
export type Standing = {
  /** No brute-force delays. */
  allowListed: boolean
  /** Nor a limit on what a logged-in user does. */
  ratesLifted: boolean
}

const rememberMs = 10_000

/**
 * Keeps every budget that Nextcloud has, over all replicas: a call is counted before it is made, whoever is
 * above the budget stands in line, and a 429 all the same halves it.
 * @param accounts the admin accounts that may be used now: each has a budget of its own
 */
export function createLimits(pool: Pool, wire: Wire, accounts: () => Promise<string[]>) {
  const standing = remembered(rememberMs, askStanding)

  async function askStanding(): Promise<Standing> {
    const allowListed = await wire.isAllowListed()
    const lifted = allowListed
      ? await wire.appValue('bruteforcesettings', 'apply_allowlist_to_ratelimit')
      : ''
    return { allowListed, ratesLifted: ['1', 'yes', 'true'].includes(lifted) }
  }

  /** What a call needs: one budget of each group. */
  async function needs(limited: Limited, userId: string): Promise<Budget[][]> {
    const { allowListed, ratesLifted } = await standing()
    if (limited === 'mail') return [[mailBudget(allowListed)], [userMailBudget(userId)]]
    const usable = await accounts()
    return [usable.map((account) => passwordBudget(account, ratesLifted))]
  }

  return {
    /**
     * When the turn comes of whoever stands behind so many others that each need such a call; a guess, since
     * others come and go. undefined: nothing limits it
     */
    async expected(limited: Limited, userId: string, ahead: number): Promise<Date | undefined> {
      const [group = []] = await needs(limited, userId)
      const limit = group.reduce((sum, budget) => sum + budget.limit, 0)
      if (!Number.isFinite(limit)) return undefined
      const { uses, now } = await findUses(pool, group)
      const { seconds } = group[0]!
      // What is free now counts as used now: then each place comes again once a window.
      const free = Math.max(0, limit - uses.length)
      if (ahead < free) return now
      const places = [...uses, ...Array.from({ length: free }, () => now)]
      const behind = ahead - free
      const rounds = 1 + Math.floor(behind / places.length)
      return new Date(places[behind % places.length]!.getTime() + rounds * seconds * 1_000)
    },

    /**
     * Asks for leave to make one call.
     * @param holder who stands in line if need be: the operation's id
     */
    async turn(limited: Limited, userId: string, holder: string): Promise<Turn> {
      const groups = await needs(limited, userId)
      return inTransaction(pool, async (tx) => {
        const states = await lockBudgets(
          tx,
          groups.flat().map(({ name }) => name)
        )
        const now = [...states.values()][0]!.now
        const chosen: { budget: Budget; at: Date }[] = []
        for (const group of groups) {
          let best: { budget: Budget; at: Date } | undefined
          for (const budget of group) {
            const { share, halvedAt, closedUntil } = states.get(budget.name)!
            const limit = limitNow(budget, shareNow(budget, share, halvedAt, now))
            const turn = Number.isFinite(limit) ? await findTurn(tx, budget, limit, holder) : undefined
            const at = new Date(Math.max(now.getTime(), turn?.getTime() ?? 0, closedUntil?.getTime() ?? 0))
            if (!best || at < best.at) best = { budget, at }
            if (best.at <= now) break
          }
          chosen.push(best!)
        }
        const late = chosen.filter(({ at }) => at > now)
        if (late.length > 0) {
          for (const { budget, at } of late) await keepPlace(tx, budget.name, holder, at)
          const last = late.reduce((a, b) => (b.at > a.at ? b : a))
          return { notBefore: last.at, because: sentence(limited, last.budget, userId) }
        }
        // Its place by another admin, too: nobody has to wait for a ghost.
        await leaveLine(tx, holder)
        const uses: number[] = []
        for (const { budget } of chosen) uses.push(await use(tx, budget.name, holder))
        const account = chosen.map(({ budget }) => accountOf(budget)).find((name) => name !== undefined)
        return { grant: { budgets: chosen.map(({ budget }) => budget), uses, ...(account && { account }) } }
      })
    },

    /**
     * Makes the call that was granted, and counts it by what came of it.
     * @param call hands `beforeSend` on to the call, which may have to stand in line for other reasons
     */
    async spend<T>(grant: Grant, call: (beforeSend: () => Promise<void>) => Promise<T>): Promise<T> {
      const beforeSend = async () => {
        if (!(await beforeSending(beginUses(pool, grant.uses)))) {
          throw new NextcloudError('busy', 'Its turn to call Nextcloud has passed, since it took too long.', {
            notSent: true,
            isOurs: true
          })
        }
        grant.spent = true
      }
      // What goes wrong in counting must not hide what came of the call: unsettled, it counts as later than it was.
      try {
        const result = await call(beforeSend)
        await settleUses(pool, grant.uses).catch(() => {})
        return result
      } catch (error) {
        await count(error, grant).catch(() => {})
        throw error
      }
    },

    /** Leave that was not used: others may have it. */
    async giveBack({ uses, spent }: Grant): Promise<void> {
      if (!spent) await giveBackUses(pool, uses).catch(() => {})
    }
  }

  async function count(error: unknown, { budgets, uses }: Grant): Promise<void> {
    if (!(error instanceof NextcloudError)) return
    if (error.notSent) return giveBackUses(pool, uses)
    if (error.isLimit) {
      await inTransaction(pool, async (tx) => {
        const states = await lockBudgets(
          tx,
          budgets.map(({ name }) => name)
        )
        for (const budget of budgets) {
          const { share, halvedAt, now } = states.get(budget.name)!
          const half = Math.max(shareNow(budget, share, halvedAt, now) / 2, leastShare)
          await halve(tx, budget, half, Math.min(budget.seconds, budget.seconds / 10 / half))
        }
      })
    }
    // An answer that was lost: the call may still be on its way, and stays counted as that late.
    if (error.variant !== 'effect-unknown') await settleUses(pool, uses)
  }
}

export type Limits = ReturnType<typeof createLimits>

const leastShare = 1 / 64

/** Fact 5: 50 PUTs on users in 600 s for each acting admin. */
const passwordBudget = (account: string, lifted: boolean): Budget => ({
  name: `password:${account}`,
  limit: lifted ? Number.POSITIVE_INFINITY : 50,
  seconds: 600
})
const accountOf = ({ name }: Budget) => /^password:(.*)$/s.exec(name)?.[1]

/**
 * Ten in 300 s in any case. Each counts as a brute-force attempt too, with delays that grow to 50 s, and of
 * the eleventh within half an hour nobody can tell: Nextcloud mails it and answers 429. Allow-listed, none does.
 */
const mailBudget = (allowListed: boolean): Budget => ({
  name: 'reset-mail',
  limit: 10,
  seconds: allowListed ? 300 : 1_800
})

/** Of a user's sixth in half an hour Nextcloud says "success" and sends nothing. */
const userMailBudget = (userId: string): Budget => ({
  name: `reset-mail:${userId.toLowerCase()}`,
  limit: 5,
  seconds: 1_800
})

/** Each quiet window doubles what is used again, up to the whole. */
function shareNow({ seconds }: Budget, share: number, halvedAt: Date | null, now: Date): number {
  if (!halvedAt) return 1
  const quiet = Math.floor((now.getTime() - halvedAt.getTime()) / (seconds * 1_000))
  return Math.min(1, share * 2 ** Math.min(quiet, 10))
}

const limitNow = ({ limit }: Budget, share: number) =>
  share === 1 ? limit : Math.max(1, Math.floor(Math.min(limit, 1_000) * share))

function sentence(limited: Limited, { name, limit, seconds }: Budget, userId: string): string {
  const minutes = `${seconds / 60} minutes`
  if (limited === 'password')
    return `Nextcloud lets an admin change ${limit} users in ${minutes}, and these are used up.`
  return name === 'reset-mail'
    ? `Nextcloud takes ${limit} requests for reset mails in ${minutes} from one address, and these are used up.`
    : `Nextcloud sends "${userId}" no more than ${limit} reset mails in ${minutes}.`
}
