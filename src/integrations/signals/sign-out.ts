/** Every session and app password that a user has now is to end, because somebody who may say so did. */
import { setTimeout as sleep } from 'node:timers/promises'
import { challenge } from '../../access/authenticate.ts'
import type { Caller } from '../../access/scope.ts'
import type { Db } from '../../db/pool.ts'
import { inTransaction } from '../../db/transaction.ts'
import { DomainError, type ProblemCode } from '../../errors.ts'
import { refuseStopped } from '../../guard/stop.ts'
import type { NextcloudUser } from '../../nextcloud/users.ts'
import { type Act, findActs } from '../../operations/acts.sql.ts'
import { type Input, openStates, placeOf } from '../../operations/operation.ts'
import { requestOperation, type Witness } from '../../operations/request.ts'
import { waitForOperation } from '../../operations/wait.ts'
import type { World } from '../../world.ts'
import { standingOf } from '../scim/standing.ts'
import { findSignal, type SignalId, saveSignal } from './signals.sql.ts'

export type SignOut = {
  caller: Caller
  user: Pick<NextcloudUser, 'id' | 'enabled'>
  reason: string
  requestId: string
  /** By which it is known when it comes again. */
  signal?: SignalId | undefined
  witness: Witness
  /** How long the end of something else that works on the user is waited for. Seconds. */
  patience: number
  gone: AbortSignal
  /** @throws DomainError unauthorized where the caller is known no longer */
  confirm(): Promise<void>
}

/** Somebody else was quicker with the same signal. */
class Twice extends Error {}

/**
 * A signal that was acted upon for somebody else. Else whoever got hold of one could have everybody signed out; and that it
 * is done, as for one that comes again, would be untrue.
 */
export class SignalUsed extends DomainError {
  constructor(userId: string) {
    super(
      'unauthorized',
      `What was signed has been used for another user than "${userId}", and is good for that one alone. Nothing was done: sign a request for each user, with a "jti" of its own.`,
      { headers: { ...challenge } }
    )
  }
}

/** What keeps a mail from helping keeps nobody signed in. */
const ofMail: ReadonlySet<ProblemCode> = new Set([
  'no-mail-address',
  'password-reset-off',
  'smtp-not-configured'
])

/**
 * Once it returns, it is recorded that it will be done, or it is done: the rest goes on by itself.
 * @returns the operation by which; undefined where the user was locked out and revoked already, or the signal is known
 * @throws SignalUsed, DomainError, NextcloudError, RevocationError: then nothing was recorded, but by `awaiting-approval`
 */
export async function signOut(world: World, asked: SignOut): Promise<string | undefined> {
  const { caller, user, reason, requestId, signal, witness, gone } = asked
  const { pool, config } = world
  const { actor, owner, vouchers } = caller
  const ends = performance.now() + asked.patience * 1_000
  let input: Input = { reason, mail: config.MAIL_VIA, revoke: 'all', replacePassword: true }
  const takeSignal = async (tx: Db) => {
    if (signal && !(await saveSignal(tx, signal, user.id))) throw new Twice()
  }
  for (;;) {
    const known = signal && (await findSignal(pool, signal))
    if (known && (known.place ?? placeOf(user.id)) !== placeOf(user.id)) throw new SignalUsed(user.id)
    if (known) return undefined
    await refuseStopped(pool)
    const acts = await findActs(pool, [user.id])
    const held = acts.find((act) => act.state === 'awaiting-approval' && act.kind === 'revoke' && covers(act))
    if (held) throw awaitingApproval(user.id, held)
    const open = acts.find(({ state }) => (openStates as readonly string[]).includes(state))
    const { offboarded } = standingOf(acts)
    const isOut = !user.enabled && offboarded?.state === 'succeeded' && !open
    try {
      if (isOut || (open && covers(open))) {
        await inTransaction(pool, takeSignal)
        return open?.id
      }
      const begun = await requestOperation(
        world,
        { kind: 'revoke', userId: user.id, input, actor, owner, vouchers, requestId },
        async (tx, id) => {
          await takeSignal(tx)
          await witness(tx, id)
        }
      )
      if (begun.state === 'awaiting-approval') throw awaitingApproval(user.id, begun)
      return begun.id
    } catch (error) {
      if (error instanceof Twice) continue
      const code = error instanceof DomainError ? error.code : undefined
      if (code && ofMail.has(code) && input.mail !== 'none') input = { ...input, mail: 'none' }
      else if (code === 'operation-already-running') await waitFor(open, error as DomainError)
      else throw error
    }
  }

  async function waitFor(open: Act | undefined, refusal: DomainError): Promise<void> {
    const seconds = (ends - performance.now()) / 1_000
    if (seconds <= 0 || gone.aborted || world.draining()) {
      refusal.headers['retry-after'] = '60'
      throw refusal
    }
    // It may give way before it is over; and whoever was quicker may not have been there yet when it was looked.
    if (open) await waitForOperation(world, open.id, 1, gone)
    else await sleep(100)
    await asked.confirm()
  }
}

/** It will end all that there is now, or ends the account itself. */
const covers = ({ kind, willRevokeAll }: Act) => willRevokeAll || kind === 'offboard' || kind === 'delete'

const awaitingApproval = (userId: string, { id, approvalId }: Pick<Act, 'id' | 'approvalId'>) =>
  new DomainError(
    'awaiting-approval',
    `A brake is reached: that "${userId}" is signed out everywhere is recorded (/operations/${id}), and begins once a second person approves it (/approvals/${approvalId}). Nothing was done yet.`,
    { extra: { operation: `/operations/${id}`, approval: `/approvals/${approvalId}` } }
  )
