import { escapeHtml, languageOf, mailPage, oneLine } from './layout.ts'

type Left = number | 'unknown'

/** For the person who answers for a leaver. */
export type OffboardingNotice = {
  to: string
  userId: string
  displayName: string
  /** The leaver's in Nextcloud: most likely the manager's, too. */
  language: string | null
  operationId: string
  enabled: boolean
  residualAccess: Record<
    'tokens' | 'wipePending' | 'resetLink' | 'passkeys' | 'publicLinks' | 'federatedShares',
    Left
  >
  /** When the account is deleted, RFC 3339. */
  deletionAt?: string
}

type Texts = {
  subject: (name: string) => string
  what: (name: string, id: string) => string
  locked: Record<'yes' | 'no', string>
  left: string
  nothingLeft: string
  unknown: string
  names: Record<keyof OffboardingNotice['residualAccess'], string>
  deletion: (at: string) => string
  back: string
  why: string
}

const english: Texts = {
  subject: (name) => `${name} was off-boarded`,
  what: (name, id) => `The access of ${name} (user name ${id}) was taken away.`,
  locked: {
    yes: 'The account is disabled.',
    no: 'The account could not be disabled: please ask the administration.'
  },
  left: 'This is left, or may be:',
  nothingLeft:
    'As far as can be seen, nothing is left by which the person could get in or files could get out.',
  unknown: 'not known',
  names: {
    tokens: 'Signed-in browsers and apps',
    wipePending: 'Devices that have yet to erase their files',
    resetLink: 'Link to a new password, sent earlier',
    passkeys: 'Passkeys',
    publicLinks: 'Public links',
    federatedShares: 'Shares with other servers'
  },
  deletion: (at) => `The account and its files will be deleted on ${at}.`,
  back: 'If this is a mistake, or the person comes back, please tell the administration.',
  why: 'You receive this mail because you were named as the person who answers for this account.'
}

const german: Texts = {
  subject: (name) => `${name}: Zugang beendet`,
  what: (name, id) => `Der Zugang von ${name} (Benutzername ${id}) wurde beendet.`,
  locked: {
    yes: 'Das Konto ist gesperrt.',
    no: 'Das Konto ließ sich nicht sperren: Bitte fragen Sie die Verwaltung.'
  },
  left: 'Das ist noch da, oder könnte es sein:',
  nothingLeft:
    'Soweit erkennbar, ist nichts mehr da, womit die Person hineinkommen oder Dateien hinausgelangen könnten.',
  unknown: 'nicht bekannt',
  names: {
    tokens: 'Angemeldete Browser und Apps',
    wipePending: 'Geräte, die ihre Dateien noch löschen müssen',
    resetLink: 'Früher verschickter Link zu einem neuen Passwort',
    passkeys: 'Passkeys',
    publicLinks: 'Öffentliche Links',
    federatedShares: 'Freigaben an andere Server'
  },
  deletion: (at) => `Das Konto und seine Dateien werden am ${at} gelöscht.`,
  back: 'Wenn das ein Versehen ist oder die Person zurückkommt, sagen Sie bitte der Verwaltung Bescheid.',
  why: 'Sie erhalten diese Mail, weil Sie als verantwortlich für dieses Konto genannt wurden.'
}

/** What was done, what is left, and when the account goes: text and HTML. */
export function offboardingNoticeMail(notice: OffboardingNotice, nextcloudUrl: URL) {
  const language = languageOf(notice.language)
  const t = language === 'de' ? german : english
  const site = nextcloudUrl.host
  const name = oneLine(notice.displayName)
  const left = Object.entries(notice.residualAccess).flatMap(([what, count]) =>
    count === 0
      ? []
      : [`${t.names[what as keyof Texts['names']]}: ${count === 'unknown' ? t.unknown : count}`]
  )
  const about = `${t.what(name, notice.userId)} ${t.locked[notice.enabled ? 'no' : 'yes']}`
  const end = [...(notice.deletionAt ? [t.deletion(dateOf(notice.deletionAt, language))] : []), t.back]
  const text = [
    `${about} (${site})`,
    ...(left.length > 0 ? [t.left, left.map((line) => `- ${line}`).join('\n')] : [t.nothingLeft]),
    ...end,
    '--',
    t.why
  ].join('\n\n')
  const paragraph = (line: string) => `<p style="margin:0 0 16px">${escapeHtml(line)}</p>`
  const list = `<ul style="margin:0 0 16px;padding-left:24px">${left.map((line) => `<li style="margin-bottom:6px">${escapeHtml(line)}</li>`).join('')}</ul>`
  const content = [
    paragraph(about),
    ...(left.length > 0 ? [paragraph(t.left), list] : [paragraph(t.nothingLeft)]),
    ...end.map(paragraph)
  ].join('\n')
  const subject = t.subject(name)
  return {
    subject: `${subject} – ${site}`,
    language,
    text,
    html: mailPage({ language, site, heading: subject, content, footer: t.why })
  }
}

/** A day, as people of that language write it. */
const dateOf = (at: string, language: 'de' | 'en') =>
  new Date(at).toLocaleDateString(language === 'de' ? 'de-DE' : 'en-GB', {
    dateStyle: 'long',
    timeZone: 'UTC'
  })
