/**
 * How many users may be locked out in 24 hours, over all callers and paths; wiped, and deleted. Above it a second
 * person is asked. It is counted by the user's place, in the transaction that lets an operation through, so
 * neither several keys, nor parallel requests, nor other spellings of an id get around it.
 */
import type { Db, Pool } from '../db/pool.ts'
import { countAllUses, countUses, insertUses, lockBrakes, takeLane } from './brake.sql.ts'
import { findEnabledUsers } from './census.sql.ts'

export const brakes = ['lock-out', 'wipe', 'deletion'] as const
export type Brake = (typeof brakes)[number]

/** At most so many users in 24 hours; of lock-outs `percent` of all enabled users, where that is more. */
export type BrakeLimits = { lockOuts: number; percent: number; wipes: number; deletions: number }

/** What keeps a campaign from locking anyone out without an approval. */
export const campaignBrakes = ['minimum-response', 'mail-bounced', 'mail-undelivered'] as const
export type CampaignBrake = (typeof campaignBrakes)[number]

export type BrakeState<B = Brake> = {
  brake: B
  /** Users that it has let through in the last 24 hours, or who are at work; this one left out. */
  used: number
  most: number
  /** When the next one may be let through, where it is reached. */
  freeAt: Date | null
}

/** What is to be let through: which brakes the operation falls under, and whose place it is in. */
export type Passage = { place: string; brakes: Brake[] }

/** How the brakes stand for this user. Whoever counts first is waited for, until `tx` ends. */
export async function readBrakes(tx: Db, limits: BrakeLimits, passage: Passage): Promise<BrakeState[]> {
  if (passage.brakes.length === 0) return []
  // Before: everybody else waits from there on.
  const most = await mostOf(tx, limits)
  await lockBrakes(tx)
  return count(tx, most, passage)
}

/** So many may count at once, each of them blind to the others: where all of them are still below the brakes. */
const lanes = 64

/**
 * The same, for a transaction that lets this user through and no other one: far below the brakes nobody is waited for.
 * Each sees everybody but those who have a lane with it; so whoever finds room for a whole set of lanes has it.
 */
export async function readBrakesForOne(tx: Db, limits: BrakeLimits, passage: Passage): Promise<BrakeState[]> {
  if (passage.brakes.length === 0) return []
  const most = await mostOf(tx, limits)
  if (passage.brakes.every((brake) => most[brake] >= lanes)) {
    await tx.query('SAVEPOINT lane')
    if (await takeLane(tx, lanes)) {
      const states = await count(tx, most, passage)
      if (states.every((state) => state.used + lanes <= state.most)) return states
    }
    // Gives the lane back: who counts alone waits for all that have one.
    await tx.query('ROLLBACK TO SAVEPOINT lane')
  }
  await lockBrakes(tx)
  return count(tx, most, passage)
}

async function count(tx: Db, most: Record<Brake, number>, { place, brakes }: Passage): Promise<BrakeState[]> {
  const states: BrakeState[] = []
  for (const brake of brakes)
    states.push({ brake, most: most[brake], ...(await countUses(tx, brake, place, most[brake])) })
  return states
}

/** How all brakes stand, for people to look at: nobody is kept waiting. */
export async function brakeStandings(
  db: Db | Pool,
  limits: BrakeLimits
): Promise<{ brake: Brake; used: number; most: number }[]> {
  const most = await mostOf(db, limits)
  const used = await countAllUses(db)
  return brakes.map((brake) => ({ brake, most: most[brake], used: used.get(brake) ?? 0 }))
}

export const reached = (states: BrakeState[]) => states.filter(({ used, most }) => used >= most)

/** Counts the operation, which nobody has to approve. */
export const letThrough = (tx: Db, operationId: string, { place, brakes }: Passage) =>
  brakes.length === 0 ? undefined : insertUses(tx, operationId, place, brakes)

async function mostOf(
  db: Db | Pool,
  { lockOuts, percent, wipes, deletions }: BrakeLimits
): Promise<Record<Brake, number>> {
  const enabled = (await findEnabledUsers(db)) ?? 0
  return {
    'lock-out': Math.max(lockOuts, Math.floor((enabled * percent) / 100)),
    wipe: wipes,
    deletion: deletions
  }
}

const names: Record<Brake, string> = {
  'lock-out': 'locked out',
  wipe: 'told to wipe their devices',
  deletion: 'deleted'
}

/** In words: "25 users locked out in 24 hours, of 25 that may be". */
export const inWords = (states: BrakeState<Brake | CampaignBrake>[]) => states.map(sentence).join('; ')

function sentence({ brake, used, most }: BrakeState<Brake | CampaignBrake>): string {
  if (brake === 'minimum-response')
    return `${used} % of those who were asked have answered, and ${most} % must`
  if (brake === 'mail-bounced') return 'their mail came back'
  if (brake === 'mail-undelivered') return 'it is not sure that any mail reached them'
  return `${used} ${used === 1 ? 'user' : 'users'} ${names[brake]} in 24 hours, of ${most} that may be`
}
