import { randomUUID } from 'node:crypto'
import { appendAudit } from '../audit/audit.sql.ts'
import type { Actor } from '../audit/event.ts'
import type { Db } from '../db/pool.ts'
import { inTransaction } from '../db/transaction.ts'
import { DomainError } from '../errors.ts'
import { NextcloudError } from '../nextcloud/errors.ts'
import { leaveLine } from '../nextcloud/limits.sql.ts'
import { RevocationError } from '../revocation/errors.ts'
import { uuidv7 } from '../uuid.ts'
import type { World } from '../world.ts'
import { rewindSteps } from './claim.sql.ts'
import { ask, examine } from './eligibility.ts'
import { openedBy } from './let-in.ts'
import {
  findGroupsRemoved,
  findHolder,
  findOperation,
  insertOperation,
  requeue,
  supersede
} from './operation.sql.ts'
import { type Input, type Kind, type Operation, placeOf } from './operation.ts'
import { planOf } from './plan.ts'
import { type AdvanceJob, advanceQueue } from './queue.ts'
import { cancelScheduled } from './scheduled.ts'
import type { Planned } from './step.ts'

export type Asked = { kind: Kind; userId: string; input: Input; actor: Actor; requestId: string }

/**
 * Called first in the transaction that begins an operation or lets one go on; where it throws, nothing is begun.
 * So the caller can write down, in the same transaction, that it was this request which did it.
 */
export type Witness = (tx: Db, operationId: string) => Promise<void>
export const nobody: Witness = async () => {}

/** How long a request may wait for Nextcloud before it is taken on trust; the first step asks again. */
const askMs = 1_000

/**
 * Records that something is to be done to a user: operation, steps, job and audit row in one transaction.
 * @returns the new operation, as it was recorded
 * @throws DomainError where Nextcloud says at once that it cannot work, or another operation holds the place
 */
export async function requestOperation(world: World, asked: Asked, witness = nobody): Promise<Operation> {
  refuseUnstorable(asked.input.reason)
  refuseOwnAccount(world, asked.userId)
  const { kind, actor, requestId } = asked
  const input = await withGroups(world, asked)
  const { userId, plan } = await askNextcloud(world, { ...asked, input })
  const id = uuidv7()
  const jobId = randomUUID()
  return inTransaction(world.pool, async (tx) => {
    await witness(tx, id)
    const operation = {
      id,
      kind,
      userId,
      input,
      jobId,
      requestedBy: actor,
      requestId,
      steps: plan.map(({ step }) => step.name)
    }
    if (!(await insertOperation(tx, operation))) {
      const holder = await findHolder(tx, userId)
      if (!holder || !isSuperseded(holder, asked)) throw alreadyRunning(userId, holder)
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
    await appendAudit(tx, {
      action: 'operation.requested',
      actor,
      userId,
      operationId: id,
      requestId,
      details: { kind, ...input }
    })
    await world.jobs.enqueue(tx, advanceQueue, { operationId: id } satisfies AdvanceJob, { id: jobId })
    return (await findOperation(tx, id))!
  })
}

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

/** Its own admin account would be the last that Locksmith ever reset: nothing could be finished without it. */
function refuseOwnAccount({ nextcloud }: World, userId: string): void {
  if (nextcloud.adminUsers.some((admin) => placeOf(admin) === placeOf(userId))) {
    throw new DomainError(
      'own-account',
      `"${userId}" is the account by which Locksmith works on Nextcloud. Nothing was changed: change it by hand, and then NEXTCLOUD_ADMIN_PASSWORD.`
    )
  }
}

/**
 * Once and briefly: what is known in time to be impossible is refused at once, and the first step asks again.
 * @returns the id as Nextcloud writes it
 */
async function askNextcloud(
  world: World,
  { kind, userId, input }: Asked
): Promise<{ userId: string; plan: Planned[] }> {
  const wish = { kind, input, smtp: world.mailer !== undefined }
  const deadline = new AbortController()
  const timer = setTimeout(() => deadline.abort(), askMs)
  const asked = ask(world.nextcloud, userId, wish, deadline.signal)
  let id = userId
  let plan: Planned[] | undefined
  try {
    const late = tooLate(deadline.signal)
    id = (await Promise.race([asked.user, late])).id
    plan = (await Promise.race([examine(asked, wish, world.drivers), late])).plan
  } catch (error) {
    if (!(error instanceof NextcloudError || error instanceof RevocationError)) throw error
    if (error instanceof NextcloudError && error.variant === 'unknown-user')
      throw new DomainError('unknown-user', `${error.message} Nothing was done.`, { cause: error })
    world.log.info({ err: error }, 'Nextcloud did not say all in time: the first step asks again')
  } finally {
    clearTimeout(timer)
  }
  return { userId: id, plan: plan ?? planOf(kind, input) }
}

/** SQLSTATE. */
const uniqueViolation = '23505'

const tooLate = (deadline: AbortSignal) =>
  new Promise<never>((_, reject) => {
    const late = () => reject(new NextcloudError('down', `Nextcloud did not answer within ${askMs} ms.`))
    if (deadline.aborted) late()
    else deadline.addEventListener('abort', late, { once: true })
  })

/**
 * An operation that has done everything but its mail gives way to a new reset which brings a mail of its
 * own, and to an off-boarding, after which there is nobody to mail; so nobody is stranded, and a user is not
 * stuck behind a mail that Nextcloud holds back for an hour.
 */
function isSuperseded(holder: Operation, { kind, input }: Asked): boolean {
  const next = holder.steps.find(({ state }) => state !== 'done' && state !== 'skipped')
  return (
    (kind === 'offboard' || (kind === 'reset' && input.mail !== 'none')) &&
    holder.state === 'waiting' &&
    next?.name === 'send-reset-mail'
  )
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
  witness = nobody
): Promise<Operation> {
  return inTransaction(world.pool, async (tx) => {
    await witness(tx, id)
    const operation = await findOperation(tx, id, { lock: true })
    if (!operation) throw unknownOperation(id)
    const holder = await findHolder(tx, operation.userId)
    if (holder && holder.id !== id) throw alreadyRunning(operation.userId, holder)
    const jobId = randomUUID()
    const requeued = await requeue(tx, id, jobId).catch((error) => {
      // Someone took the user's place since we looked.
      throw error.code === uniqueViolation ? alreadyRunning(operation.userId, undefined) : error
    })
    if (!requeued) {
      throw new DomainError(
        'operation-not-retryable',
        `Only an operation that needs attention can be retried; this one is ${operation.state}. Nothing was done.`
      )
    }
    // What was found about the user is found again: the address may have been put right meanwhile.
    // A step that lets the user in is not forgotten: it is undone before it is done again.
    const open = openedBy(operation.steps)
    const again = operation.steps.filter(
      ({ name, state, position }) =>
        name === 'check-user' || (state !== 'done' && state !== 'skipped' && position !== open?.position)
    )
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
    await world.jobs.enqueue(tx, advanceQueue, { operationId: id } satisfies AdvanceJob, { id: jobId })
    return (await findOperation(tx, id))!
  })
}

export const unknownOperation = (id: string) =>
  new DomainError('unknown-operation', `There is no operation ${id}.`)
