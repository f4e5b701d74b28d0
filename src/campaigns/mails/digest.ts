import { languageOf } from '../../mail/layout.ts'
import type { Consequence } from '../campaign.ts'
import { german } from './digest.de.ts'
import { english } from './digest.en.ts'
import { type Mail, render } from './render.ts'
import { capped, lastDayOf, plainId, plainName } from './words.ts'

export type ContactDigest = {
  /** The contact's own. */
  address: string
  language: string | null
  site: URL
  /** To the contact's own page. */
  link: URL
  /** When the time of the people listed is over; the mail tells the last whole day before it. */
  deadline: Date | null
  /** Who has not answered; the first 50 are named. */
  people: { displayName: string; userId: string; address: string | null }[]
  /** How many they are, with those who are not in `people`. */
  total: number
  /** Left out: the mail says that each was told what follows. */
  onSilence?: Consequence
  /** Mail address that answers questions. */
  owner?: string
  timeZone?: string
  now?: Date
}

const mostNames = 50

/** To the contact person of a customer: who has not answered, and where to vouch for people or say that they have left. */
export function contactDigestMail(digest: ContactDigest): Mail {
  const { site, link, deadline, people, total, onSilence, owner = null, timeZone, now } = digest
  const language = languageOf(digest.language)
  const t = language === 'de' ? german : english
  const day =
    deadline && lastDayOf(deadline, language, { ...(timeZone && { timeZone }), ...(now && { now }) })
  const { shown, more } = capped(people, mostNames, Math.max(total, people.length))
  return render({
    subject: t.subject(shown.length + more, site.host),
    language,
    site: site.host,
    heading: t.heading(shown.length + more),
    blocks: [
      t.greeting,
      t.what(site.host, shown.length + more),
      t.please(day),
      { button: t.button, link },
      {
        title: t.without,
        note: [onSilence === undefined ? t.told : onSilence === 'report-only' ? t.harmless : t.locked(day)]
      },
      { aside: t.link(link.host, site.host) },
      ...(owner ? [{ aside: t.elsewise(owner) }] : []),
      { heading: t.names },
      { list: [...shown.map(line), ...(more > 0 ? [t.more(more)] : [])] }
    ],
    footer: t.footer(plainId(digest.address), site.host, owner)
  })
}

function line({ displayName, userId, address }: ContactDigest['people'][number]): string {
  const id = plainId(userId)
  const name = plainName(displayName, userId)
  const rest = [...new Set([id, address ? plainId(address) : id])].filter((each) => each !== name)
  return rest.length > 0 ? `${name} (${rest.join(', ')})` : name
}
