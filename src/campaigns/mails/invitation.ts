import { languageOf } from '../../mail/layout.ts'
import type { Consequence, MailText } from '../campaign.ts'
import { german } from './invitation.de.ts'
import { english } from './invitation.en.ts'
import { paragraphsOf, subjectOf, type Values } from './override.ts'
import { type Block, type Mail, render } from './render.ts'
import { lastDayOf, plainId, plainName } from './words.ts'

export type Invitation = {
  displayName: string
  userId: string
  /** As Nextcloud has it, such as `de_DE`. */
  language: string | null
  /** Where people reach Nextcloud. */
  site: URL
  /** To the page where this person answers. */
  link: URL
  /** When the link dies. The mail tells the last whole day before it. null: no day is told */
  deadline: Date | null
  /** 0: the invitation, 1: the first reminder … */
  number: number
  /** No reminder comes after it. */
  last: boolean
  onSilence: Consequence
  /** Mail address that answers questions. */
  owner: string
  /** Words of the campaign's own, by language: the subject, and what is said before the request to answer. */
  overrides?: { de?: MailText; en?: MailText }
  /** Of the day that is told; IANA, UTC where left out. */
  timeZone?: string
  now?: Date
}

/**
 * "Do you still need your access?": who asks and why, what the link does and does not do, and what follows from silence.
 * Whatever the campaign's own words are, these and the link stay.
 */
export function invitationMail(invitation: Invitation): Mail {
  const { site, link, deadline, number, last, onSilence, owner, timeZone, now } = invitation
  const language = languageOf(invitation.language)
  const t = language === 'de' ? german : english
  const kind = number === 0 ? 'invitation' : last ? 'last' : 'reminder'
  const day =
    deadline && lastDayOf(deadline, language, { ...(timeZone && { timeZone }), ...(now && { now }) })
  const name = plainName(invitation.displayName, invitation.userId)
  const userId = plainId(invitation.userId)
  const { subject, text } = invitation.overrides?.[language] ?? {}
  const values: Values = { name, userId, site: site.host, deadline: day ?? '–' }
  const intro = text
    ? [...(kind === 'invitation' ? [] : [t.again[kind]]), ...paragraphsOf(text, values)]
    : [t.greeting(name), t.intro[kind](site.host, userId), t.why(site.host)]
  const blocks: Block[] = [
    ...intro,
    { strong: t.please(day) },
    { button: t.button, link },
    { title: t.without, note: [t.silence[onSilence](day, owner)] },
    { aside: t.link(link.host, site.host) },
    { aside: t.elsewise(owner) }
  ]
  return render({
    subject: t.prefix[kind] + (subject ? subjectOf(subject, values) : t.question(site.host)),
    language,
    site: site.host,
    heading: t.heading,
    blocks,
    footer: t.footer(site.host, owner)
  })
}
