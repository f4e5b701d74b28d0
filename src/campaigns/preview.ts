/** What a round would come to if it began now: nothing is written, and nobody is mailed. */
import { inTransaction } from '../db/transaction.ts'
import { readBrakes } from '../guard/brake.ts'
import { brakesOf } from '../operations/brakes.ts'
import { limitsOf } from '../operations/hold.ts'
import { placeOf } from '../operations/operation.ts'
import type { World } from '../world.ts'
import { fits, listCandidates } from './audience.ts'
import type { Definition } from './campaign.ts'
import { viaOf, wishOf } from './consequence.ts'
import { invitationMail } from './mails/invitation.ts'
import type { OutReason } from './participant.ts'
import type { Planned } from './plan.sql.ts'
import { planOf, protectedBy } from './plan.ts'
import { confirmedRecently, endOf } from './preview.sql.ts'
import { upcoming } from './schedule.ts'

/** How many users of each kind it names. */
const mostNamed = 100

export type Preview = {
  listed: number
  in: { total: number; users: string[] }
  out: { reason: OutReason; total: number; users: string[] }[]
  firstMailsPerHour: number
  /** When the last first mail would go out, and when everybody's time would be over. */
  lastMailAt: Date
  closesAt: Date
  /** When rounds would begin by the schedule; empty: once it is started. */
  dates: Date[]
  /** Whether locking out all of them would need an approval. */
  approval: { lockOuts: number; most: number; needed: boolean }
  mail: { subject: string; language: string; text: string; html: string } | null
}

type About = { campaignId?: string; round: number; definition: Definition }

export async function preview(world: World, about: About): Promise<Preview> {
  const { definition } = about
  const rows = new Map<string, Pick<Planned, 'userId' | 'address' | 'outBecause'>>()
  let sample: Planned | undefined
  const seen = new Set<string>()
  const isProtected = await protectedBy(world)
  for await (const page of listCandidates(world.nextcloud, definition.audience)) {
    for (const { id } of page) seen.add(id)
    for (const user of await world.ownLogins.ofPersons(page)) {
      if (!fits(user, definition.audience)) continue
      const planned = planOf(user, definition, isProtected(user), () => 0)
      if (planned.outBecause === null) sample ??= planned
      const { userId, address, outBecause } = planned
      rows.set(placeOf(userId), { userId, address, outBecause })
    }
  }
  leaveOutShared([...rows.values()])
  for (const place of await confirmedRecently(world.pool, about)) {
    const row = rows.get(place)
    if (row && row.outBecause === null) row.outBecause = 'confirmed-recently'
  }
  const all = [...rows.values()]
  const within = all.filter(({ outBecause }) => outBecause === null)
  const { usersPerHour } = definition.pace
  const ends = await endOf(world.pool, definition, Math.max(0, within.length - 1) / usersPerHour)
  return {
    listed: seen.size,
    in: named(within),
    out: [...new Set(all.flatMap(({ outBecause }) => outBecause ?? []))].map((reason) => ({
      reason,
      ...named(all.filter((row) => row.outBecause === reason))
    })),
    firstMailsPerHour: Math.min(usersPerHour, within.length),
    ...ends,
    dates: definition.schedule ? await upcoming(world.pool, definition.schedule, 5) : [],
    approval: await approvalOf(world, definition, within.length),
    mail: definition.mode === 'confirm' && sample ? mailOf(world, definition, sample, ends.closesAt) : null
  }
}

const named = (rows: { userId: string }[]) => ({
  total: rows.length,
  users: rows.slice(0, mostNamed).map(({ userId }) => userId)
})

/** As `leaveOutShared` in plan.sql.ts. */
function leaveOutShared(rows: Pick<Planned, 'address' | 'outBecause'>[]): void {
  const users = new Map<string, number>()
  for (const { address, outBecause } of rows)
    if (address !== null && outBecause !== 'disabled')
      users.set(address.toLowerCase(), (users.get(address.toLowerCase()) ?? 0) + 1)
  for (const row of rows)
    if (row.outBecause === null && users.get(row.address!.toLowerCase())! > 1)
      row.outBecause = 'shared-address'
}

async function approvalOf(world: World, { mode, onSilence }: Definition, lockOuts: number) {
  const wish = wishOf(mode === 'reset' ? 'reset' : onSilence, viaOf(world))
  if (!wish) return { lockOuts: 0, most: 0, needed: false }
  const passage = { place: '', brakes: brakesOf(wish.kind, wish.input) }
  const [state] = await inTransaction(world.pool, (tx) => readBrakes(tx, limitsOf(world), passage))
  const most = Math.max(0, state!.most - state!.used)
  return { lockOuts, most, needed: lockOuts > most }
}

function mailOf(
  { siteUrl: site, confirmOrigin }: World,
  definition: Definition,
  to: Planned,
  deadline: Date
) {
  return invitationMail({
    displayName: to.displayName,
    userId: to.userId,
    language: to.language,
    site,
    link: new URL(`${confirmOrigin}/confirm/personal-link`),
    deadline,
    number: 0,
    last: definition.remindAfter.length === 0,
    onSilence: definition.onSilence,
    owner: definition.owner,
    overrides: definition.mails
  })
}
