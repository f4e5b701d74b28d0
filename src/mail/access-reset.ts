import { escapeHtml, languageOf, mailPage, oneLine } from './layout.ts'

export type AccessReset = {
  to: string
  userId: string
  displayName: string
  /** The user's language in Nextcloud, such as `de` or `de_DE`. */
  language: string | null
  operationId: string
  /** What was ended: the mail says no more than that. */
  revoked: 'all' | 'sessions' | 'none'
}

type Texts = {
  subject: string
  greeting: (name: string) => string
  what: string
  signedOut: Record<AccessReset['revoked'], string>
  how: string
  button: string
  steps: [string, string, string]
  devices: string
  why: string
}

const english: Texts = {
  subject: 'Your access was reset',
  greeting: (name) => `Hello ${name},`,
  what: 'Your access was reset by the administration. Your old password no longer works.',
  signedOut: {
    all: 'All browsers and apps that were signed in have been signed out.',
    sessions: 'All browsers that were signed in have been signed out.',
    none: ''
  },
  how: 'To get back in, choose a new password:',
  button: 'Open the sign-in page',
  steps: [
    'Open the sign-in page.',
    'Choose “Forgot password?” and enter your user name:',
    'Follow the link in the mail that you then receive.'
  ],
  devices: 'Apps on your phone and computer may ask you to sign in again afterwards.',
  why: 'You receive this mail because you have an account there. It contains no password and nobody will ask you for one.'
}

const german: Texts = {
  subject: 'Ihr Zugang wurde zurückgesetzt',
  greeting: (name) => `Guten Tag ${name},`,
  what: 'Ihr Zugang wurde von der Verwaltung zurückgesetzt. Ihr altes Passwort gilt nicht mehr.',
  signedOut: {
    all: 'Alle angemeldeten Browser und Apps wurden abgemeldet.',
    sessions: 'Alle angemeldeten Browser wurden abgemeldet.',
    none: ''
  },
  how: 'So kommen Sie wieder hinein – wählen Sie ein neues Passwort:',
  button: 'Zur Anmeldung',
  steps: [
    'Öffnen Sie die Anmeldung.',
    'Wählen Sie „Passwort vergessen?“ und geben Sie Ihren Benutzernamen ein:',
    'Folgen Sie dem Link in der Mail, die Sie dann erhalten.'
  ],
  devices: 'Die Apps auf Telefon und Rechner fragen danach möglicherweise neu nach der Anmeldung.',
  why: 'Sie erhalten diese Mail, weil Sie dort ein Konto haben. Sie enthält kein Passwort, und niemand wird Sie nach einem fragen.'
}

/** "Your access was reset, this is how you get back in": text and HTML, in the user's language where we have it. */
export function accessResetMail(
  { userId, displayName, language: said, revoked }: AccessReset,
  nextcloudUrl: URL
) {
  const language = languageOf(said)
  const t = language === 'de' ? german : english
  const site = nextcloudUrl.host
  const link = `${nextcloudUrl.href.replace(/\/$/, '')}/index.php/login`
  const greeting = t.greeting(oneLine(displayName))
  const what = [t.what, t.signedOut[revoked]].filter(Boolean).join(' ')
  const lines = [
    greeting,
    `${what} (${site})`,
    t.how,
    `1. ${t.steps[0]} ${link}\n2. ${t.steps[1]} ${userId}\n3. ${t.steps[2]}`,
    t.devices,
    '--',
    t.why
  ]
  const content = contentOf(t, { link, userId, greeting, what })
  return {
    subject: `${t.subject} – ${site}`,
    language,
    text: lines.join('\n\n'),
    html: mailPage({ language, site, heading: t.subject, content, footer: t.why })
  }
}

function contentOf(t: Texts, values: Record<'link' | 'userId' | 'greeting' | 'what', string>): string {
  return `<p style="margin:0 0 16px">${escapeHtml(values.greeting)}</p>
<p style="margin:0 0 16px">${escapeHtml(values.what)}</p>
<p style="margin:0 0 8px"><strong>${escapeHtml(t.how)}</strong></p>
<ol style="margin:0 0 24px;padding-left:24px">
<li style="margin-bottom:6px">${escapeHtml(t.steps[0])}</li>
<li style="margin-bottom:6px">${escapeHtml(t.steps[1])} <strong style="white-space:nowrap">${escapeHtml(values.userId)}</strong></li>
<li>${escapeHtml(t.steps[2])}</li>
</ol>
<p style="margin:0 0 24px"><a href="${escapeHtml(values.link)}" style="display:inline-block;background:#1455c0;color:#ffffff;text-decoration:none;font-weight:600;padding:12px 20px;border-radius:8px">${escapeHtml(t.button)}</a></p>
<p style="margin:0 0 24px">${escapeHtml(t.devices)}</p>`
}
