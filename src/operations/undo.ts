/** Taking back what disabled many: each by an operation of its own, as if it were asked for one by one. */
import type { Actor } from '../audit/event.ts'
import { inTransaction, inVain } from '../db/transaction.ts'
import { DomainError, type Problem } from '../errors.ts'
import type { Owned } from '../guard/approval.ts'
import { refuseStopped } from '../guard/stop.ts'
import { NextcloudError } from '../nextcloud/errors.ts'
import { RevocationError } from '../revocation/errors.ts'
import type { World } from '../world.ts'
import { cancelOperation } from './cancel.ts'
import { tryOperation } from './dry-run.ts'
import type { Input } from './operation.ts'
import { nobody, requestOperation } from './request.ts'
import { type Disabled, findDisabled, findPutOff } from './undo.sql.ts'

export type Undo = Owned & {
  since: Date
  /** The `next` of an earlier answer. */
  cursor?: string | undefined
  reason?: string | undefined
  mail: Input['mail']
  actor: Actor
  requestId: string
  /** Nothing is begun: what would be. */
  isDry: boolean
}

/** Paths of operations. */
export type Undone = {
  /** `operation` is null where nothing was to be begun, only told. */
  items: { userId: string; operation: string | null; of: string }[]
  notUndone: { userId: string; of: string; problem: Problem }[]
  deletionsCancelled: { userId: string; operation: string }[]
  /** null: that was all. */
  next: string | null
}

const mostAtOnce = 500
const sideBySide = 8

/** A caller waits no longer than that, whatever Nextcloud takes for each; the rest is on the next page. */
const patienceMs = 20_000

/**
 * Lets everybody in again whom operations disabled since then, who was enabled before, and still is disabled. Nothing
 * that was revoked comes back. Deletions that were put off since then are cancelled first: they alone cannot be undone.
 * @throws DomainError stopped
 */
export async function undoSince(world: World, undo: Undo): Promise<Undone> {
  await refuseStopped(world.pool)
  const deletionsCancelled = await cancelDeletions(world, undo)
  const found = await findDisabled(world.pool, undo.since, undo.cursor ?? '', mostAtOnce + 1)
  const page = found.slice(0, mostAtOnce)
  const ends = performance.now() + patienceMs
  const undone: Undone = { items: [], notUndone: [], deletionsCancelled, next: null }
  let at = 0
  while (at < page.length && performance.now() < ends) {
    const some = page.slice(at, at + sideBySide)
    const results = await Promise.all(some.map((one) => letIn(world, undo, one)))
    for (const [n, { userId, of }] of some.entries()) {
      const result = results[n]
      const about = { userId, of: pathOf(of) }
      if (result && 'begun' in result) undone.items.push({ ...about, operation: result.begun })
      else if (result) undone.notUndone.push({ ...about, problem: result.problem })
    }
    at += some.length
  }
  return { ...undone, next: at < found.length ? page[at - 1]!.place : null }
}

async function cancelDeletions(world: World, { since, actor, requestId, isDry }: Undo) {
  const cancelled: Undone['deletionsCancelled'] = []
  for (const { id, userId } of await findPutOff(world.pool, since, 10 * mostAtOnce)) {
    const within = isDry ? inVain : inTransaction
    const { state } = await cancelOperation(world, id, actor, requestId, nobody, within).catch((error) => {
      // It was over before we came to it: nobody else is kept waiting for that.
      if (error instanceof DomainError) return { state: undefined }
      throw error
    })
    if (state === 'cancelled') cancelled.push({ userId, operation: pathOf(id) })
  }
  return cancelled
}

/** @returns the path of what was begun, or why nothing was; undefined: somebody else has enabled the user */
async function letIn(
  world: World,
  { reason, mail, isDry, ...by }: Undo,
  { userId, of, offboarded }: Disabled
): Promise<{ begun: string | null } | { problem: Problem } | undefined> {
  const input: Input = {
    reason: reason ?? `undoes ${pathOf(of)}`,
    mail,
    revoke: 'all',
    ...(offboarded && { restoreGroups: true })
  }
  const kind = offboarded ? 'reinstate' : 'enable'
  try {
    if ((await world.nextcloud.getUser(userId)).enabled) return undefined
    const asked = { ...by, kind, userId, input } as const
    if (!isDry) return { begun: pathOf((await requestOperation(world, asked)).id) }
    const { would, problem } = await tryOperation(world, asked)
    return would === 'refused' ? { problem: problem! } : { begun: null }
  } catch (error) {
    const isKnown =
      error instanceof DomainError || error instanceof NextcloudError || error instanceof RevocationError
    if (isKnown) return { problem: error.problem }
    throw error
  }
}

const pathOf = (id: string) => `/operations/${id}`
