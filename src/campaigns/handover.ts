/** What invitations, reminders and digests have in common: a mail that was begun in the database is handed over. */
import { mailIdHeader, returnPathOf } from '../mail/return-path.ts'
import type { Outgoing, Sent } from '../mail/smtp.ts'
import type { World } from '../world.ts'
import type { Mail } from './mails/render.ts'
import type { MailState } from './participant.ts'

/** By its return path, or else by its header, it is known again if it comes back. */
export const handOver = (
  { mailer, config }: World,
  mailId: string,
  to: Outgoing['to'],
  mail: Mail
): Promise<Sent> =>
  mailer!.sendTo({
    ...mail,
    to,
    ...(config.bounces && { envelopeFrom: returnPathOf(config.bounces.address, mailId) }),
    headers: { [mailIdHeader]: mailId }
  })

/** As it is written down. */
export const stateOf = ({ kind }: Sent): Exclude<MailState, 'begun'> =>
  kind === 'rejected' ? 'refused' : kind
