/** Tells the one who answers for a campaign; what happens within a few minutes goes into one mail. */
import { inTransaction } from '../db/transaction.ts'
import type { World } from '../world.ts'
import { ownerNoticeMail } from './mails/owner-notice.ts'
import { endNotices, takeNotices } from './notice.sql.ts'

/** After a mail server that takes nothing. */
const pauseSeconds = 600

export async function sendNotices(world: World): Promise<void> {
  if (!world.mailer) return
  while (!world.draining() && (await sendSome(world)));
}

/** @returns whether there were any, and the mail server took them */
async function sendSome({ pool, mailer, presence, config }: World): Promise<boolean> {
  const key = presence.key()
  if (key === undefined) return false
  // A second mail is better here than none: what a process that died was sending is sent again.
  const taken = await inTransaction(pool, (tx) => takeNotices(tx, key))
  if (!taken) return false
  const { ids, campaign, owner, notices } = taken
  const { subject, text, html, language } = ownerNoticeMail({
    campaign,
    language: 'en',
    notices,
    ...(config.publicOrigin !== undefined && { publicOrigin: config.publicOrigin })
  })
  const sent = await mailer!.sendTo({ to: { name: '', address: owner }, subject, text, html, language })
  const isAgain = sent.kind === 'not-sent'
  await endNotices(pool, ids, `${sent.kind}: ${sent.response}`, isAgain ? pauseSeconds : undefined)
  return !isAgain
}
