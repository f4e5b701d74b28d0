/** What follows for each participant: an operation of its own, run at once or once it is approved. */
import { appendAudit } from '../audit/audit.sql.ts'
import { inTransaction } from '../db/transaction.ts'
import { DomainError, type Problem, problemOf } from '../errors.ts'
import { completeApprovals } from '../guard/approval.sql.ts'
import { requestOf } from '../guard/approval.ts'
import { announce } from '../integrations/webhooks/outbox.sql.ts'
import { NextcloudError, type Variant } from '../nextcloud/errors.ts'
import type { Reasons } from '../operations/hold.ts'
import { prepare, recordOperation } from '../operations/request.ts'
import { RevocationError } from '../revocation/errors.ts'
import type { World } from '../world.ts'
import { AlreadyActed, beginToAct, findBrakes, findTargets, spare, type Target } from './act.sql.ts'
import { findCampaign, findCounts, findInState, findRound, moveCampaign } from './campaign.sql.ts'
import { actorOfCampaign, type Campaign, type Consequence } from './campaign.ts'
import { reasonOf } from './close.ts'
import { onBounce, viaOf, wishOf } from './consequence.ts'
import { insertNotice } from './notice.sql.ts'
import { type Because, type ParticipantState, participantSourcesOf } from './participant.ts'

const atOnce = 8

/** How long Nextcloud may take for one user; then it is tried again, never taken on trust. Milliseconds. */
const patience = { ms: 10_000, trust: false }

type Group = {
  state: ParticipantState
  because: Because
  consequence: Consequence
  /** Absent: the brakes of everybody count. */
  heldFor?: Reasons
}

/** Records what follows, wherever a round is closed or somebody has left. @throws where it has to be tried again */
export async function act(world: World): Promise<void> {
  for (const { id } of await findInState(world.pool, 'open', 'closing', 'acting')) {
    const campaign = (await findCampaign(world.pool, id))!
    const { definition, round } = campaign
    const left: Group = { state: 'left', because: 'left', consequence: definition.onLeft }
    const closed = campaign.state === 'closing' ? await findBrakes(world.pool, id, round) : undefined
    const groups = closed ? [left, ...groupsOf(campaign, closed.brakes)] : [left]
    let isWhole = true
    for (const group of groups) if (!(await actOn(world, campaign, group, closed?.isLate))) isWhole = false
    if (closed && isWhole) await beginActing(world, campaign)
  }
}

/** Of a round that is closed: what is done to whom, in lists of their own. */
function groupsOf({ definition }: Campaign, brakes: Reasons): Group[] {
  const withHold = brakes.length > 0 && { heldFor: brakes }
  if (definition.mode === 'reset')
    return [{ state: 'waiting', because: 'reset', consequence: 'reset', ...withHold }]
  const { onSilence } = definition
  return [
    { state: 'silent', because: 'silent', consequence: onSilence, ...withHold },
    {
      state: 'undelivered',
      because: 'undelivered',
      consequence: onSilence,
      heldFor: [reasonOf('mail-undelivered')]
    },
    {
      state: 'bounced',
      because: 'bounced',
      consequence: onBounce(definition),
      ...(definition.onBounce === 'hold' ? { heldFor: [reasonOf('mail-bounced')] } : withHold)
    }
  ]
}

/** @returns false where somebody is left to be tried again */
async function actOn(world: World, campaign: Campaign, group: Group, isLate = false): Promise<boolean> {
  const { pace } = campaign.definition
  const targets = await findTargets(world.pool, campaign, group.state, group.because, {
    isPaced: group.consequence === 'reset',
    ...pace
  })
  let isWhole = true
  for (let at = 0; at < targets.length; at += atOnce) {
    const some = targets.slice(at, at + atOnce)
    const done = await Promise.all(some.map((target) => actOnOne(world, campaign, group, target, isLate)))
    if (done.includes(false)) isWhole = false
  }
  return isWhole
}

/** @returns false where it is to be tried again. @throws NextcloudError, DomainError where nobody can be acted on now */
async function actOnOne(
  world: World,
  campaign: Campaign,
  { because, consequence, heldFor }: Group,
  { userId, address, afterSeconds }: Target,
  isLate: boolean
): Promise<boolean> {
  const { id, round } = campaign
  const wish = wishOf(consequence, viaOf(world))
  const spared = (problem?: Problem) => spareOne(world, campaign, userId, because, problem)
  if (!wish) return spared()
  const asked = {
    kind: wish.kind,
    userId,
    input: { ...wish.input, reason: reasons[because], campaign: { id, round, because } },
    actor: actorOfCampaign(id),
    owner: campaign.owner,
    vouchers: campaign.vouchers,
    requestId: campaign.requestId ?? id,
    ...(heldFor && { heldFor }),
    afterSeconds
  }
  try {
    const user = await world.nextcloud.getUser(userId)
    if (!user.enabled && wish.kind === 'disable') return spared(isDisabled(userId))
    // Who was asked elsewhere was not asked. Who says that they have left has read the mail.
    if (because !== 'left' && because !== 'reset' && user.mailAddress !== address)
      return spared(hasMoved(userId))
    const prepared = await prepare(world, asked, patience)
    await inTransaction(world.pool, (tx) =>
      recordOperation(world, tx, asked, prepared, (witnessing, operationId) =>
        beginToAct(witnessing, campaign, userId, because, operationId)
      )
    )
    return true
  } catch (error) {
    if (error instanceof AlreadyActed) return true
    const problem = problemOfOne(error)
    if (!problem) throw error
    // For a while it is seen whether it passes; then this one keeps no others waiting.
    if (!isLate && mayPass(error, problem)) return false
    return spared(problem)
  }
}

const reasons: Record<Because, string> = {
  silent: 'did not answer the mails of a campaign',
  bounced: 'the mail of a campaign came back',
  undelivered: 'no mail of a campaign is known to have arrived',
  left: 'left, by their own account or the contact’s',
  reset: 'a campaign resets everybody'
}

/** What may be about this one user; undefined: nobody can be acted on now. */
function problemOfOne(error: unknown): Problem | undefined {
  if (error instanceof NextcloudError) return away.has(error.variant) ? undefined : error.problem
  if (error instanceof RevocationError) return error.problem
  if (!(error instanceof DomainError)) return undefined
  return aboutAll.has(error.code) ? undefined : error.problem
}
const away: ReadonlySet<Variant> = new Set([
  'down',
  'maintenance',
  'busy',
  'credentials-refused',
  'password-confirmation',
  'not-allowed',
  'untrusted-host'
])
const aboutAll = new Set<string>(['stopped', 'protected-users-unresolved', 'database-unavailable'])

/** Something else is done to this user just now, Nextcloud fails on this one alone, or occ or its database is away. */
const mayPass = (error: unknown, { code }: Problem) =>
  code === 'operation-already-running' ||
  error instanceof RevocationError ||
  (error instanceof NextcloudError && error.variant !== 'unknown-user')

const isDisabled = (userId: string) =>
  problemOf('user-disabled', `"${userId}" is disabled already. Nothing was done.`)
const hasMoved = (userId: string) =>
  problemOf(
    'address-changed',
    `"${userId}" has another mail address than the one that was asked. Nothing was done: the next round asks there.`
  )

async function spareOne(
  { pool }: World,
  { id, round }: Campaign,
  userId: string,
  because: Because,
  problem?: Problem
): Promise<true> {
  await inTransaction(pool, async (tx) => {
    if (!(await spare(tx, id, round, userId, because, problem ?? null))) return
    await appendAudit(tx, {
      action: 'participant.spared',
      actor: actorOfCampaign(id),
      userId,
      campaignId: id,
      details: { round, because, ...(problem && { problem }) }
    })
  })
  return true
}

/** All is recorded: lists that wait for an approval are whole, and whoever answers for the campaign is told. */
async function beginActing({ pool, config }: World, { id, round }: Campaign): Promise<void> {
  await inTransaction(pool, async (tx) => {
    const campaign = await findCampaign(tx, id, { lock: true })
    if (campaign?.state !== 'closing') return
    const counts = await findCounts(tx, id, round)
    // Who was passed over while a person held it for a moment is still to come.
    if (participantSourcesOf('acting').some((state) => state !== 'left' && counts[state])) return
    const approvals = await completeApprovals(tx, actorOfCampaign(id), config.APPROVAL_HOURS)
    await announce(tx, ...approvals.map((approval) => requestOf(approval.id, approval.kind)))
    await moveCampaign(tx, id, 'acting')
    await insertNotice(tx, id, round, 'closed', {
      counts,
      brakes: (await findRound(tx, id, round))!.brakes.map(({ brake }) => brake),
      approvals: approvals.map((approval) => `/approvals/${approval.id}`)
    })
  })
}
