/** The kill switch: one row in the database, which every replica asks before each effect. */
import { appendAudit } from '../audit/audit.sql.ts'
import type { Actor } from '../audit/event.ts'
import type { Db, Pool } from '../db/pool.ts'
import { inTransaction } from '../db/transaction.ts'
import { DomainError, type Problem, problemOf } from '../errors.ts'
import { deleteStop, findStop, holdStop, insertStop, type Stop } from './stop.sql.ts'

type By = { actor: Actor; requestId?: string }

/**
 * From its return on no step begins that changes anything, on any replica; the steps that are at work end.
 * @returns as it is now; who stopped it first, and why, stays
 */
export function stopAll(pool: Pool, by: By, reason?: string): Promise<Stop> {
  return inTransaction(pool, async (tx) => {
    if (await insertStop(tx, by.actor, reason ?? null))
      await appendAudit(tx, { action: 'service.stopped', ...by, details: { ...(reason && { reason }) } })
    return (await findStop(tx))!
  })
}

/** What waits goes on within a second. @returns false where nothing was stopped */
export function resumeAll(pool: Pool, by: By): Promise<boolean> {
  return inTransaction(pool, async (tx) => {
    const wasStopped = await deleteStop(tx)
    if (wasStopped) await appendAudit(tx, { action: 'service.resumed', ...by, details: {} })
    return wasStopped
  })
}

/** @throws DomainError stopped */
export async function refuseStopped(pool: Pool): Promise<void> {
  refuse(await findStop(pool))
}

/** For the transaction that begins something: first in it. @throws DomainError stopped */
export async function refuseStoppedWithin(tx: Db): Promise<void> {
  refuse(await holdStop(tx))
}

function refuse(stop: Stop | undefined): void {
  if (!stop) return
  throw new DomainError('stopped', `${sentence(stop)} Nothing was done.`, {
    extra: { since: stop.since.toISOString() }
  })
}

/** Why an operation waits. */
export const stoppedProblem = (stop: Stop): Problem =>
  problemOf('stopped', `${sentence(stop)} Then this goes on by itself.`, { since: stop.since.toISOString() })

const sentence = ({ by, since, reason }: Stop) =>
  `${by} stopped Locksmith at ${since.toISOString()}${reason === null ? '' : ` (${reason})`}: nothing is done to anybody until POST /resume.`
