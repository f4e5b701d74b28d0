/** Sends what is due: invitations, reminders, and digests for contacts. Each mail is begun in the database before it is sent. */
import { appendAudit } from '../audit/audit.sql.ts'
import { inTransaction } from '../db/transaction.ts'
import { holdStop } from '../guard/stop.sql.ts'
import { newMailId } from '../mail/return-path.ts'
import type { Sent } from '../mail/smtp.ts'
import type { World } from '../world.ts'
import { bounceMail } from './bounce.sql.ts'
import { plainSaid, tellOfBounce } from './bounce.ts'
import { handOver, stateOf } from './handover.ts'
import { newLink } from './links.ts'
import {
  advance,
  beginMails,
  type Due,
  endMail,
  findDueMails,
  findLostMails,
  free,
  lockSending,
  retryMail
} from './mailing.sql.ts'
import { invitationMail } from './mails/invitation.ts'
import { isSeen } from './watch.sql.ts'

/** How many are begun at one time; a process that is killed leaves no more than these unknown. */
const atOnce = 20

/** How often one mail is tried while the mail server takes none, in growing pauses over about three days. */
const mostTries = 24
const firstPauseSeconds = 60
const longestPauseSeconds = 4 * 3_600

/** @returns whether there may be more to send at once */
export async function sendDue(world: World): Promise<boolean> {
  const { mailer } = world
  if (!mailer || world.confirmOrigin === undefined || world.draining()) return false
  const key = world.presence.key()
  if (key === undefined) return false
  await settleLost(world, key)
  const begun = await begin(world, key)
  if (begun.length === 0) return false
  // None is under way any more when this returns, however it does: see `findLostMails`.
  const ends = await Promise.allSettled(begun.map((mail) => send(world, mail)))
  const sent = ends.map((end) => {
    if (end.status === 'rejected') throw end.reason
    return end.value
  })
  // A mail server that takes nothing is left alone for a moment.
  return !sent.every((kind) => kind === 'not-sent')
}

type Begun = Due & { mailId: string; link: string }

async function begin(world: World, key: number): Promise<Begun[]> {
  const { pool, campaigns } = world
  return inTransaction(pool, async (tx) => {
    if (await holdStop(tx)) return []
    const due = await findDueMails(tx, atOnce)
    // Nobody is sent to a page that is away. Asked afterwards: what is due since the clock has jumped is not due.
    if (!(await isSeen(tx, campaigns.toleranceSeconds))) return []
    const mails = due.map((each) => {
      const { token, hash } = newLink()
      return { ...each, mailId: newMailId(), hash, link: `${world.confirmOrigin}/confirm/${token.reveal()}` }
    })
    if (mails.length > 0) await beginMails(tx, key, mails)
    return mails
  })
}

async function send(world: World, mail: Begun): Promise<Sent['kind']> {
  const { definition, displayName, userId, address, language, deadline, number } = mail
  const written = invitationMail({
    displayName,
    userId,
    language,
    deadline,
    number,
    site: world.siteUrl,
    link: new URL(mail.link),
    last: number === definition.remindAfter.length,
    onSilence: definition.onSilence,
    owner: definition.owner,
    overrides: definition.mails
  })
  const sent = await handOver(world, mail.mailId, { name: displayName, address }, written)
  await insist(world, () => record(world, mail, sent))
  return sent.kind
}

/** What the mail server said is written down, however long that takes. */
async function insist(world: World, work: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      return await work()
    } catch (error) {
      // It ends with the process: then another one finds the mail begun, and calls it unknown.
      if (world.draining()) throw error
      world.log.warn({ err: error }, 'what became of a mail could not be written down yet')
      await new Promise((resolve) => setTimeout(resolve, 1_000))
    }
  }
}

type Sending = Pick<Due, 'campaignId' | 'round' | 'place' | 'userId' | 'address' | 'number' | 'tries'> & {
  mailId: string
}

async function record({ pool }: World, mail: Sending, sent: Sent): Promise<void> {
  await inTransaction(pool, async (tx) => {
    if (!(await lockSending(tx, mail))) return
    const state = stateOf(sent)
    const isOver = sent.kind !== 'not-sent' || mail.tries >= mostTries
    await endMail(tx, mail.mailId, state, sent.response)
    await appendAudit(tx, {
      action: 'participant.mailed',
      actor: 'system',
      userId: mail.userId,
      campaignId: mail.campaignId,
      details: { round: mail.round, mail: mail.mailId, number: mail.number, state }
    })
    if (sent.kind === 'rejected' && sent.recipientUnknown) {
      const said = plainSaid(sent.response)
      await bounceMail(tx, mail.mailId, 'hard', said)
      await tellOfBounce(tx, { ...mail, contact: null }, { kind: 'hard', said })
      await free(tx, mail)
    } else if (isOver) await advance(tx, mail, sent.kind)
    else await retryMail(tx, mail, pauseAfter(mail.tries))
  })
}

const pauseAfter = (tries: number) => Math.min(firstPauseSeconds * 2 ** (tries - 1), longestPauseSeconds)

/** Whoever was sending them is gone: nobody knows whether they went out, and none is sent twice. */
async function settleLost(world: World, key: number): Promise<void> {
  for (const mail of await findLostMails(world.pool, key))
    await record(world, mail, { kind: 'unknown', response: 'its process died while it was sent' })
}
