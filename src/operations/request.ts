import { randomUUID } from 'node:crypto'
import { appendAudit } from '../audit/audit.sql.ts'
import type { Actor } from '../audit/event.ts'
import type { Db } from '../db/pool.ts'
import { inTransaction } from '../db/transaction.ts'
import { DomainError } from '../errors.ts'
import type { Owned } from '../guard/approval.ts'
import { inWords, letThrough, readBrakesForOne } from '../guard/brake.ts'
import { refuseStopped, refuseStoppedWithin } from '../guard/stop.ts'
import { NextcloudError } from '../nextcloud/errors.ts'
import { leaveLine } from '../nextcloud/limits.sql.ts'
import type { Choice } from '../revocation/choose.ts'
import { RevocationError } from '../revocation/errors.ts'
import { note } from '../tracing/tracing.ts'
import { uuidv7 } from '../uuid.ts'
import type { World } from '../world.ts'
import { endStep, rewindSteps } from './claim.sql.ts'
import { ask, type Examined, examine } from './eligibility.ts'
import { brakesReached, hold, passageOf, type Reasons } from './hold.ts'
import { openedBy } from './kinds.ts'
import {
  findGroupsRemoved,
  findHolder,
  findOperation,
  findReturn,
  insertOperation,
  type NewOperation,
  requeue,
  supersede
} from './operation.sql.ts'
import type { Input, Kind, Operation } from './operation.ts'
import { isPlanned, planOf } from './plan.ts'
import { advanceQueue, jobOf } from './queue.ts'
import { cancelScheduled } from './scheduled.ts'
import type { Planned } from './step.ts'
import { sendResetMail } from './steps/send-reset-mail.ts'
import { windowsAround } from './windows.ts'

export type Asked = Owned & {
  kind: Kind
  userId: string
  input: Input
  actor: Actor
  requestId: string
  /** One of many that a second person is asked about at once, whatever the brakes say. */
  heldFor?: Reasons
  /** Seconds after its approval, or from now: so many that are let go on at once need not begin at once. */
  afterSeconds?: number
}

/**
 * Called first in the transaction that begins an operation or lets one go on; where it throws, nothing is begun.
 * So the caller can write down, in the same transaction, that it was this request which did it.
 */
export type Witness = (tx: Db, operationId: string) => Promise<void>
export const nobody: Witness = async () => {}

type Patience = { ms: number; trust: boolean }

/** How long a request may wait for Nextcloud before it is taken on trust; the first step asks again. */
const askMs = 1_000

/**
 * Records that something is to be done to a user: operation, steps, job and audit row in one transaction. Above a
 * brake it waits for an approval.
 * @returns the new operation, as it was recorded
 * @throws DomainError where Nextcloud says at once that it cannot work, or another operation holds the place
 */
export async function requestOperation(world: World, asked: Asked, witness = nobody): Promise<Operation> {
  const prepared = await prepare(world, asked)
  const operation = await inTransaction(world.pool, (tx) =>
    recordOperation(world, tx, asked, prepared, witness)
  )
  // Where the log of a request and that of its operation meet.
  const { id, kind, state } = operation
  note({ 'locksmith.operation.id': id, 'locksmith.operation.kind': kind })
  world.log.info({ requestId: asked.requestId, operationId: id, kind, state }, 'operation recorded')
  return operation
}

/** What is to be recorded: the id as Nextcloud writes it, and what is to be done to this user. */
export type Prepared = { userId: string; input: Input; plan: Planned[]; choice?: Choice }

/**
 * Everything that is looked at before something is recorded.
 * @param patience how long to wait for Nextcloud; `trust`: without its answer the first step asks again
 */
export async function prepare(
  world: World,
  asked: Asked,
  patience: Patience = { ms: askMs, trust: true }
): Promise<Prepared> {
  refuseUnstorable(asked.input.reason)
  world.protection.refuseByName(asked.userId)
  await refuseStopped(world.pool)
  const input = await withGroups(world, asked)
  return { input, ...(await askNextcloud(world, { ...asked, input }, patience)) }
}

/** @throws DomainError operation-already-running */
export async function recordOperation(
  world: World,
  tx: Db,
  asked: Asked,
  { userId, input, plan }: Prepared,
  witness = nobody
): Promise<Operation> {
  const { kind, actor, owner, vouchers, requestId, heldFor, afterSeconds = 0 } = asked
  const id = uuidv7()
  const jobId = randomUUID()
  const about = { id, kind, userId, input, requestedBy: actor, owner, vouchers, requestId }
  const operation = { ...about, jobId, steps: plan.map(({ step }) => step.name), afterSeconds }
  await refuseStoppedWithin(tx)
  await witness(tx, id)
  const states = heldFor ?? (await brakesReached(tx, world, about, readBrakesForOne))
  if (states.length > 0) {
    const holder = await findHolder(tx, userId)
    if (holder && !isSuperseded(holder, asked, plan)) throw alreadyRunning(userId, holder)
    await auditRequest(tx, operation)
    await insertOperation(tx, {
      ...operation,
      held: await hold(tx, world, about, states, heldFor !== undefined)
    })
  } else {
    if (!(await insertOperation(tx, operation))) {
      const holder = await findHolder(tx, userId)
      if (!holder || !isSuperseded(holder, asked, plan)) throw alreadyRunning(userId, holder)
      await supersede(tx, holder.id, id)
      await leaveLine(tx, holder.id)
      await appendAudit(tx, {
        action: 'operation.superseded',
        actor,
        userId,
        operationId: holder.id,
        requestId,
        details: { by: id }
      })
      if (!(await insertOperation(tx, operation))) throw alreadyRunning(userId, undefined)
    }
    // Who comes back is not to be deleted later.
    if (kind === 'enable' || kind === 'reinstate')
      await cancelScheduled(tx, userId, { by: id, actor, requestId })
    await letThrough(tx, id, passageOf(about))
    await auditRequest(tx, operation)
    if (afterSeconds === 0) await world.jobs.enqueue(tx, advanceQueue, jobOf(id), { id: jobId })
  }
  return (await findOperation(tx, id))!
}

type Recorded = Pick<NewOperation, 'id' | 'kind' | 'userId' | 'input'> &
  Pick<Asked, 'requestId'> & { requestedBy: Actor }

const auditRequest = (tx: Db, { id, kind, userId, input, requestedBy, requestId }: Recorded) =>
  appendAudit(tx, {
    action: 'operation.requested',
    actor: requestedBy,
    userId,
    operationId: id,
    ...(input.campaign && { campaignId: input.campaign.id }),
    requestId,
    details: { kind, ...input }
  })

/** Who is reinstated comes back to the groups that the last off-boarding took. */
async function withGroups({ pool }: World, { kind, userId, input }: Asked): Promise<Input> {
  if (kind !== 'reinstate' || !input.restoreGroups) return input
  return { ...input, groups: await findGroupsRemoved(pool, userId) }
}

/** PostgreSQL stores neither U+0000 nor half a character. */
function refuseUnstorable(reason = ''): void {
  if (reason.includes('\0') || !reason.isWellFormed()) {
    throw new DomainError(
      'invalid-request',
      'body/reason has characters that cannot be stored. Nothing was done.'
    )
  }
}

/**
 * Once and briefly: what is known in time to be impossible is refused at once, and the first step asks again.
 * @returns the id as Nextcloud writes it
 */
async function askNextcloud(
  world: World,
  { kind, userId, input }: Asked,
  { ms, trust }: Patience
): Promise<Omit<Prepared, 'input'>> {
  const wish = { kind, input, smtp: world.mailer !== undefined }
  const deadline = new AbortController()
  const timer = setTimeout(() => deadline.abort(), ms)
  const asked = ask(world, userId, wish, deadline.signal)
  let id = userId
  let examined: Examined | undefined
  try {
    const late = tooLate(deadline.signal, ms)
    id = (await Promise.race([asked.user, late])).id
    examined = await Promise.race([examine(asked, wish, world), late])
  } catch (error) {
    if (!(error instanceof NextcloudError || error instanceof RevocationError)) throw error
    if (error instanceof NextcloudError && error.variant === 'unknown-user')
      throw new DomainError('unknown-user', `${error.message} Nothing was done.`, { cause: error })
    if (!trust) throw error
    world.log.info({ err: error }, 'Nextcloud did not say all in time: the first step asks again')
  } finally {
    clearTimeout(timer)
  }
  const { plan = planOf(kind, input), choice } = examined ?? {}
  return { userId: id, plan, ...(choice && { choice }) }
}

/** Of one that is to go on: no answer in time is no refusal, the first step asks again. */
async function refuseProtected({ nextcloud, protection, log }: World, userId: string): Promise<void> {
  const deadline = new AbortController()
  const timer = setTimeout(() => deadline.abort(), askMs)
  const asked = Promise.all([nextcloud.getUser(userId, deadline.signal), protection.list()])
  try {
    const [user, list] = await Promise.race([asked, tooLate(deadline.signal, askMs)])
    protection.refuse(user, list, 'Nothing was done.')
  } catch (error) {
    if (!(error instanceof NextcloudError)) throw error
    log.info({ err: error }, 'Nextcloud did not say all in time: the first step asks again')
  } finally {
    clearTimeout(timer)
  }
}

/** SQLSTATE. */
const uniqueViolation = '23505'

const tooLate = (deadline: AbortSignal, ms: number) =>
  new Promise<never>((_, reject) => {
    const late = () => reject(new NextcloudError('down', `Nextcloud did not answer within ${ms} ms.`))
    if (deadline.aborted) late()
    else deadline.addEventListener('abort', late, { once: true })
  })

/**
 * An operation that has done everything but its mail gives way to a new reset or revocation which brings a mail of its
 * own, and to an off-boarding, after which there is nobody to mail; so nobody is stranded, and a user is not
 * stuck behind a mail that Nextcloud holds back for an hour.
 */
function isSuperseded(holder: Operation, { kind, input }: Asked, plan: Planned[]): boolean {
  const next = holder.steps.find(({ state }) => state !== 'done' && state !== 'skipped')
  const bringsMail =
    (kind === 'reset' || kind === 'revoke') && input.mail !== 'none' && isPlanned(plan, sendResetMail)
  return (kind === 'offboard' || bringsMail) && holder.state === 'waiting' && next?.name === 'send-reset-mail'
}

function alreadyRunning(userId: string, holder: Operation | undefined): DomainError {
  const location = holder && `/operations/${holder.id}`
  return new DomainError(
    'operation-already-running',
    `An operation on "${userId}" is ${holder?.state ?? 'open'}${location ? ` (${location})` : ''}, and two never work on one user at once. Nothing new was started: wait for that one.`,
    location
      ? {
          extra: { operation: location, ...(holder.resumeAt && { resumeAt: holder.resumeAt.toISOString() }) },
          headers: { link: `<${location}>; rel="related"` }
        }
      : {}
  )
}

/**
 * A person decided that an operation which needs attention is to go on.
 * @throws DomainError unknown-operation, operation-not-retryable, operation-already-running
 */
export async function retryOperation(
  world: World,
  id: string,
  actor: Actor,
  requestId: string,
  witness = nobody,
  within = inTransaction
): Promise<Operation> {
  const retried = await findOperation(world.pool, id)
  if (retried) {
    world.protection.refuseByName(retried.userId)
    await refuseProtected(world, retried.userId)
  }
  return within(world.pool, async (tx) => {
    await refuseStoppedWithin(tx)
    await witness(tx, id)
    const operation = await findOperation(tx, id, { lock: true })
    if (!operation) throw unknownOperation(id)
    const holder = await findHolder(tx, operation.userId)
    if (holder && holder.id !== id) throw alreadyRunning(operation.userId, holder)
    // Before the brakes: who counts there waits for whoever has an open operation locked, as this would be.
    if (operation.state !== 'needs-attention') throw notRetryable(operation)
    const back = isForLeavers(operation) ? await findReturn(tx, operation) : undefined
    if (back) throw cameBack(operation.userId, back)
    await refuseAboveBrakes(world, tx, operation)
    const jobId = randomUUID()
    await requeue(tx, id, jobId).catch((error) => {
      // Someone took the user's place since we looked.
      throw error.code === uniqueViolation ? alreadyRunning(operation.userId, undefined) : error
    })
    // What was found about the user is found again: the address may have been put right meanwhile.
    // A step that lets the user in is not forgotten: it is undone before it is done again.
    const open = openedBy(operation.steps)
    const again = operation.steps.filter(
      (row) =>
        lookedAtAgain.has(row.name) || (row !== open && row.state !== 'done' && row.state !== 'skipped')
    )
    // What they did the last time is over.
    for (const { position } of windowsAround(operation.steps, again))
      if (position !== open?.position) await endStep(tx, id, position, { state: 'pending', outcome: {} })
    await rewindSteps(
      tx,
      id,
      again.map(({ position }) => position)
    )
    await appendAudit(tx, {
      action: 'operation.retried',
      actor,
      userId: operation.userId,
      operationId: id,
      requestId,
      details: {}
    })
    await world.jobs.enqueue(tx, advanceQueue, jobOf(id), { id: jobId })
    return (await findOperation(tx, id))!
  })
}

const lookedAtAgain = new Set(['check-user', 'put-off-deletion', 'report-residual-access'])

/** What is done to the user now is counted now; unless a second person agreed to it. */
async function refuseAboveBrakes(world: World, tx: Db, operation: Operation): Promise<void> {
  if (operation.approvalId !== null) return
  const states = await brakesReached(tx, world, operation, readBrakesForOne)
  if (states.length === 0) return letThrough(tx, operation.id, passageOf(operation))
  const freeAt = new Date(Math.max(...states.map(({ freeAt }) => Number(freeAt))))
  throw new DomainError(
    'brake-reached',
    `A brake is reached: ${inWords(states)}. Nothing was done. The next one may go on at ${freeAt.toISOString()}.`,
    { extra: { freeAt: freeAt.toISOString(), brakes: states.map(({ brake }) => brake) } }
  )
}

const notRetryable = ({ state }: Operation) =>
  new DomainError(
    'operation-not-retryable',
    `Only an operation that needs attention can be retried; this one is ${state}. Nothing was done.`
  )

const isForLeavers = ({ kind }: Operation) => kind === 'offboard' || kind === 'delete'

const cameBack = (userId: string, back: string) =>
  new DomainError(
    'operation-not-retryable',
    `"${userId}" was let in again since (/operations/${back}), so what this one did holds no longer. Nothing was done: off-board anew.`
  )

export const unknownOperation = (id: string) =>
  new DomainError('unknown-operation', `There is no operation ${id}.`)
