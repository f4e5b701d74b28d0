/** Planning a round: reads Nextcloud's users and writes down who is asked when, and who is not and why. */
import { appendAudit } from '../audit/audit.sql.ts'
import type { Db } from '../db/pool.ts'
import { inTransaction } from '../db/transaction.ts'
import { DomainError, type Problem, problemOf } from '../errors.ts'
import { NextcloudError } from '../nextcloud/errors.ts'
import type { NextcloudUser } from '../nextcloud/users.ts'
import type { World } from '../world.ts'
import { contactOf, domainOf, fits, listCandidates, outReasonOf, UnknownGroup } from './audience.ts'
import { findCampaign, findCounts, findFormerRound, findRound, moveCampaign, putOff } from './campaign.sql.ts'
import type { Campaign, Definition, Round } from './campaign.ts'
import { insertNotice } from './notice.sql.ts'
import type { OutReason } from './participant.ts'
import {
  claimRound,
  clearRound,
  expectMany,
  freeRound,
  holdRound,
  insertContacts,
  insertParticipants,
  leaveOutConfirmed,
  leaveOutShared,
  openRound,
  type Planned
} from './plan.sql.ts'
import { beginWatch } from './watch.sql.ts'

/** How much smaller than the last time a list may be. */
const mostShrunk = 0.1

/** After a Nextcloud that was away. Seconds. */
const retrySeconds = 30

/** The round was taken over, or its campaign cancelled: whoever finds that stops. */
class PlanLost extends Error {}

/** Plans the round that the campaign is about to begin, unless another process does. */
export async function planRound(world: World, campaignId: string): Promise<void> {
  const { pool, presence, log } = world
  const campaign = await findCampaign(pool, campaignId)
  const key = presence.key()
  if (campaign?.state !== 'planning' || key === undefined) return
  if (!(await claimRound(pool, campaign.id, campaign.round, key))) return
  try {
    const listed = await readUsers(world, campaign, key)
    await open(world, campaign, key, listed)
  } catch (error) {
    if (error instanceof PlanLost) return
    const problem = problemOfPlan(error)
    if (!problem) throw error
    log.warn({ campaign: campaignId, err: error }, 'a round could not be planned')
    await inTransaction(pool, async (tx) => {
      // Another process may have taken it over, and opened it: that one knows better.
      if (!(await holdRound(tx, campaign.id, campaign.round, key))) return
      if (isPassing(error)) await putOff(tx, campaignId, problem, retrySeconds)
      else await abort(tx, campaign, problem)
    })
  } finally {
    await freeRound(pool, campaign.id, campaign.round, key).catch(() => {})
  }
}

/** A group that is not there stays away until a person mends it; everything else of Nextcloud's passes. */
const isPassing = (error: unknown) => error instanceof NextcloudError || error instanceof DomainError

function problemOfPlan(error: unknown): Problem | undefined {
  if (error instanceof NextcloudError || error instanceof DomainError) return error.problem
  if (error instanceof UnknownGroup)
    return problemOf('unknown-group', `${error.message} Nobody was asked. Mend the campaign, or the group.`)
  return undefined
}

/** @returns how many users Nextcloud told of */
async function readUsers(world: World, { id, round, definition }: Campaign, key: number): Promise<number> {
  const isProtected = await protectedBy(world)
  await fenced(world, id, round, key, (tx) => clearRound(tx, id, round))
  const seen = new Set<string>()
  let planned = 0
  for await (const page of listCandidates(world.nextcloud, definition.audience)) {
    const fresh = page.filter((user) => !seen.has(user.id) && seen.add(user.id))
    const users = (await world.ownLogins.ofPersons(fresh)).filter((user) => fits(user, definition.audience))
    const rows = users.map((user) => planOf(user, definition, isProtected(user), () => planned++))
    if (rows.length > 0)
      await fenced(world, id, round, key, (tx) => insertParticipants(tx, id, round, definition.mode, rows))
  }
  await fenced(world, id, round, key, async (tx) => {
    await expectMany(tx)
    await leaveOutShared(tx, id, round)
    if (definition.skipConfirmedWithin) await leaveOutConfirmed(tx, id, round, definition.skipConfirmedWithin)
  })
  return seen.size
}

/** @returns whether nothing may be done to a user. @throws where that cannot be told: then nobody is asked */
export async function protectedBy({ protection }: Pick<World, 'protection'>) {
  const list = await protection.list()
  return (user: NextcloudUser): boolean => {
    try {
      protection.refuse(user, list, '')
      return false
    } catch (error) {
      if (error instanceof DomainError) return true
      throw error
    }
  }
}

/** @param next the place in the order in which people are asked */
export function planOf(
  user: NextcloudUser,
  definition: Pick<Definition, 'audience' | 'contacts' | 'pace'>,
  isProtected: boolean,
  next: () => number
): Planned {
  const outBecause: OutReason | null = outReasonOf(user, definition, isProtected) ?? null
  return {
    userId: user.id,
    displayName: user.displayName,
    address: user.mailAddress,
    domain: domainOf(user.mailAddress) || null,
    language: user.language,
    backend: user.backend,
    lastLogin: user.lastLogin,
    outBecause,
    contact: outBecause === null ? contactOf(user, definition.contacts) : null,
    afterSeconds: outBecause === null ? (next() * 3600) / definition.pace.usersPerHour : null
  }
}

/** @throws PlanLost */
const fenced = <T>({ pool }: World, id: string, round: number, key: number, work: (tx: Db) => Promise<T>) =>
  inTransaction(pool, async (tx) => {
    if (!(await holdRound(tx, id, round, key))) throw new PlanLost()
    return work(tx)
  })

async function open(world: World, campaign: Campaign, key: number, listed: number): Promise<void> {
  const { id, round: number, definition } = campaign
  await fenced(world, id, number, key, async (tx) => {
    const round = (await findRound(tx, id, number))!
    const counts = await findCounts(tx, id, number)
    const asked = counts.waiting ?? 0
    const matched = asked + (counts.out ?? 0)
    await openRound(tx, id, number, { listed, matched })
    const problem = round.anyway
      ? undefined
      : shrunk(campaign, { listed, matched }, await findFormerRound(tx, id, number))
    if (problem) return abort(tx, campaign, problem)
    if (definition.mode === 'reset') {
      await moveCampaign(tx, id, 'closing')
    } else {
      await insertContacts(tx, id, number, definition)
      await beginWatch(tx)
      await moveCampaign(tx, id, 'open')
    }
    await appendAudit(tx, {
      action: 'campaign.opened',
      actor: 'system',
      campaignId: id,
      details: { round: number, listed, matched, asked }
    })
  })
}

/** Half a list is worse than none: whoever is missing in it would be asked no more, and nobody would notice. */
function shrunk(
  { definition: { audience } }: Campaign,
  now: { listed: number; matched: number },
  former: Round | undefined
): Problem | undefined {
  const problem = (what: string, was: string, is: number) =>
    problemOf(
      'user-list-shrank',
      `${what}: ${was}, and now ${is}. Nobody was asked. Look at Nextcloud and its directories; POST …/resume says that the list is right, POST …/cancel ends the campaign.`,
      { ...now, ...(former && { former: { listed: former.listed, matched: former.matched } }) }
    )
  if (now.matched === 0)
    return problem('Nobody is in the audience', `${former?.matched ?? 'some'} expected`, 0)
  if (!former) return undefined
  const isLess = (is: number, was: number | null) => was !== null && is < was * (1 - mostShrunk)
  if (isLess(now.listed, former.listed))
    return problem('Nextcloud lists far fewer users than the last time', `${former.listed} then`, now.listed)
  // Who was to have logged in by a date are others each time.
  const changes = audience.lastLoginAfter ?? audience.lastLoginBefore ?? audience.neverLoggedIn
  if (changes === undefined && isLess(now.matched, former.matched))
    return problem(
      'Far fewer users are in the audience than the last time',
      `${former.matched} then`,
      now.matched
    )
  return undefined
}

async function abort(tx: Db, { id, round }: Campaign, problem: Problem): Promise<void> {
  await moveCampaign(tx, id, 'aborted', problem)
  await insertNotice(tx, id, round, 'aborted', { problem })
  await appendAudit(tx, {
    action: 'campaign.aborted',
    actor: 'system',
    campaignId: id,
    details: { round, problem }
  })
}
