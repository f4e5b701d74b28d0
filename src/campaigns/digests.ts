/** One mail to each customer's contact: who has not answered, and a page on which to vouch for people. */
import { inTransaction } from '../db/transaction.ts'
import { holdStop } from '../guard/stop.sql.ts'
import { newMailId } from '../mail/return-path.ts'
import type { World } from '../world.ts'
import {
  beginDigest,
  countSilent,
  endDigest,
  findDueDigest,
  findSilent,
  settleLostDigests
} from './digests.sql.ts'
import { handOver, stateOf } from './handover.ts'
import { newLink } from './links.ts'
import { endMail } from './mailing.sql.ts'
import { contactDigestMail } from './mails/digest.ts'
import { isSeen } from './watch.sql.ts'

/** After a mail server that takes nothing. */
const pauseSeconds = 900
const mostTries = 48

/** How many people the mail names; all are on the page. */
const mostNamed = 50

export async function sendDigests(world: World): Promise<void> {
  if (!world.mailer || world.confirmOrigin === undefined) return
  const key = world.presence.key()
  if (key === undefined) return
  await settleLostDigests(world.pool, key)
  while (!world.draining() && (await sendOne(world)));
}

/** @returns whether there was one */
async function sendOne(world: World): Promise<boolean> {
  const { pool, campaigns, presence } = world
  const key = presence.key()
  if (key === undefined) return false
  const { token, hash } = newLink()
  const mailId = newMailId()
  const due = await inTransaction(pool, async (tx) => {
    if (await holdStop(tx)) return undefined
    const digest = await findDueDigest(tx)
    // As in `sendDue`: asked afterwards.
    if (!digest || !(await isSeen(tx, campaigns.toleranceSeconds))) return undefined
    const total = await countSilent(tx, digest)
    if (total === 0) await endDigest(tx, digest, null)
    else await beginDigest(tx, digest, key, mailId, hash)
    return { ...digest, total, people: await findSilent(tx, digest, mostNamed) }
  })
  if (!due) return false
  if (due.total === 0) return true
  const { address, deadline, people, total, definition } = due
  const written = contactDigestMail({
    address,
    language: definition.contacts[due.number]?.language ?? null,
    site: world.siteUrl,
    link: new URL(`${world.confirmOrigin}/contact/${token.reveal()}`),
    deadline,
    people,
    total,
    onSilence: definition.onSilence,
    owner: definition.owner
  })
  const sent = await handOver(world, mailId, { name: '', address }, written)
  const isAgain = sent.kind === 'not-sent' && due.tries < mostTries
  await inTransaction(pool, async (tx) => {
    await endDigest(tx, due, isAgain ? pauseSeconds : null)
    await endMail(tx, mailId, stateOf(sent), sent.response)
  })
  return !isAgain
}
