/** From a word of the client's to what is recorded: exactly once, however often and by however many it is said. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Caller } from '../../access/scope.ts'
import type { Db } from '../../db/pool.ts'
import { inTransaction } from '../../db/transaction.ts'
import { DomainError } from '../../errors.ts'
import { refuseStoppedWithin } from '../../guard/stop.ts'
import type { NextcloudUser } from '../../nextcloud/users.ts'
import { findActs } from '../../operations/acts.sql.ts'
import { cancelOperation } from '../../operations/cancel.ts'
import { requestOperation, type Witness } from '../../operations/request.ts'
import { scheduleDeletion } from '../../operations/scheduled.ts'
import { waitForOperation } from '../../operations/wait.ts'
import type { World } from '../../world.ts'
import { ScimError } from './errors.ts'
import { findMark, lockUser, saveDeletion } from './scim.sql.ts'
import { standingOf } from './standing.ts'
import { awaitingApproval, type Seen, type Verdict } from './verdicts.ts'

/** Who asks, and what is written in the same transaction as what follows from it. */
export type Asking = {
  caller: Caller
  requestId: string
  /** As Nextcloud writes it. */
  userId: string
  /** The user as Nextcloud has it now. @throws where there is none */
  find(): Promise<NextcloudUser>
  /** @throws DomainError unauthorized where the key was revoked meanwhile */
  confirm(): Promise<void>
  /** Of the `Idempotency-Key`. */
  witness: Witness
  /** Links the user, say. */
  alongside(tx: Db): Promise<void>
  /** How long the end of something else that works on the user is waited for. Seconds. */
  patience: number
  gone: AbortSignal
}

/** Something was asked for about the user since we looked. */
class Moved extends Error {}

/**
 * Looks, decides, and writes down what was decided unless anything has changed since it looked; then it looks again.
 * Once it returns, it is recorded: the rest goes on by itself, through crashes and restarts.
 * @throws DomainError, ScimError, NextcloudError: then nothing was recorded
 */
export async function bringAbout(
  world: World,
  asking: Asking,
  decide: (seen: Seen) => Verdict
): Promise<void> {
  const ends = performance.now() + asking.patience * 1_000
  let again = false
  for (;;) {
    const { mark, ...seen } = await look(world, asking)
    const verdict = decide(seen)
    try {
      const { next } = await act(world, asking, verdict, seen, mark)
      if (!next) return
    } catch (error) {
      if (error instanceof Moved) continue
      const other = operationIn(error)
      const isImpatient = verdict.do === 'begin' && !verdict.waits
      if (other === undefined || (isImpatient && again)) throw uniquely(error)
      // Somebody was quicker: it may have been the same word, so it is looked at once more in any case.
      again = true
      if (!isImpatient) await waitFor(world, asking, other, ends, error)
    }
  }
}

/** The mark is read first: whatever comes after it is noticed. */
async function look({ pool }: World, { userId, find }: Asking): Promise<Seen & { mark: string }> {
  const mark = await findMark(pool, userId)
  const standing = standingOf(await findActs(pool, [userId]))
  // Read after that: what was over by then is seen in Nextcloud.
  return { mark, standing, user: await find() }
}

async function act(
  world: World,
  asking: Asking,
  verdict: Verdict,
  { user }: Seen,
  mark: string
): Promise<{ next: boolean }> {
  const { pool } = world
  const { caller, requestId } = asking
  const { actor, owner, vouchers } = caller
  const unmoved = async (tx: Db) => {
    await lockUser(tx, user.id)
    if ((await findMark(tx, user.id)) !== mark) throw new Moved()
  }
  switch (verdict.do) {
    case 'wait':
      throw busy(user.id, verdict.for.id)
    case 'cancel':
      for (const id of verdict.ids) await cancelOperation(world, id, actor, requestId)
      return { next: true }
    case 'nothing':
      await inTransaction(pool, async (tx) => {
        await asking.alongside(tx)
        if (verdict.deletedBy) await saveDeletion(tx, owner, user.id, verdict.deletedBy)
      })
      return { next: false }
    case 'schedule':
      await inTransaction(pool, async (tx) => {
        await refuseStoppedWithin(tx)
        await unmoved(tx)
        const { of, after } = verdict
        const asked = { of, userId: user.id, owner, vouchers, requestedBy: actor, requestId }
        await asking.alongside(tx)
        await scheduleDeletion(tx, asked, after)
        await saveDeletion(tx, owner, user.id, of)
      })
      return { next: false }
    case 'begin': {
      const { kind, input } = verdict
      const asked = { kind, userId: user.id, input, actor, owner, vouchers, requestId }
      const begun = await requestOperation(world, asked, async (tx, id) => {
        await unmoved(tx)
        await asking.witness(tx, id)
        await asking.alongside(tx)
        if (verdict.deletes) await saveDeletion(tx, owner, user.id, id)
      })
      if (verdict.deletes && begun.state === 'awaiting-approval') throw awaitingApproval(user.id, begun)
      return { next: false }
    }
  }
}

const busy = (userId: string, operation: string) =>
  new DomainError(
    'operation-already-running',
    `An operation on "${userId}" is open (/operations/${operation}), and two never work on one user at once. Nothing was done: send it again when that one is over.`,
    { extra: { operation: `/operations/${operation}` } }
  )

/** What is in the way, where it is another operation. */
function operationIn(error: unknown): string | undefined {
  if (!(error instanceof DomainError) || error.code !== 'operation-already-running') return undefined
  return String(error.extra.operation ?? '')
    .split('/')
    .at(-1)
}

/** @throws the refusal, once the time is up */
async function waitFor(world: World, asking: Asking, id: string, ends: number, refusal: unknown) {
  const seconds = (ends - performance.now()) / 1_000
  if (seconds <= 0 || asking.gone.aborted || world.draining()) {
    if (refusal instanceof DomainError) refusal.headers['retry-after'] = '60'
    throw refusal
  }
  // Whoever was quicker may not be there to be waited for yet, or no more.
  if (id) await waitForOperation(world, id, Math.ceil(seconds), asking.gone)
  else await sleep(100)
  await asking.confirm()
}

/** The database settles who has an external id: two may ask for it at once. */
function uniquely(error: unknown): unknown {
  const { code, constraint } = error as { code?: string; constraint?: string }
  return code === '23505' && constraint === 'scim_user_external_id' ? taken() : error
}

export const taken = (by = 'another user') =>
  new ScimError(409, 'uniqueness', `This "externalId" is that of ${by}. Nothing was done.`)
