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
export function accessResetMail({ userId, displayName, language, revoked }: AccessReset, nextcloudUrl: URL) {
  const code = /^de([_-]|$)/i.test(language ?? '') ? 'de' : 'en'
  const t = code === 'de' ? german : english
  const site = nextcloudUrl.host
  const link = `${nextcloudUrl.href.replace(/\/$/, '')}/index.php/login`
  const greeting = t.greeting(displayName.replace(/\p{Cc}+/gu, ' '))
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
  return {
    subject: `${t.subject} – ${site}`,
    language: code,
    text: lines.join('\n\n'),
    html: htmlOf(t, { code, site, link, userId, greeting, what })
  }
}

type Values = Record<'code' | 'site' | 'link' | 'userId' | 'greeting' | 'what', string>

/** Tables and inline styles, as mail programs want them; no image, no tracking, nothing fetched. */
function htmlOf(t: Texts, values: Values): string {
  const { code, site, link, userId, greeting, what } = escapeAll(values)
  const font = 'font-family:-apple-system,Segoe UI,Roboto,Helvetica,Arial,sans-serif'
  return `<!doctype html>
<html lang="${code}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light"><title>${escapeHtml(t.subject)}</title></head>
<body style="margin:0;padding:24px 12px;background:#eef1f5;color:#1c2430;${font};font-size:16px;line-height:1.5">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px;background:#ffffff;border-radius:12px">
<tr><td style="padding:32px 32px 8px">
<p style="margin:0 0 4px;color:#5b6675;font-size:14px">${site}</p>
<h1 style="margin:0 0 20px;font-size:24px;line-height:1.25">${escapeHtml(t.subject)}</h1>
<p style="margin:0 0 16px">${greeting}</p>
<p style="margin:0 0 16px">${what}</p>
<p style="margin:0 0 8px"><strong>${escapeHtml(t.how)}</strong></p>
<ol style="margin:0 0 24px;padding-left:24px">
<li style="margin-bottom:6px">${escapeHtml(t.steps[0])}</li>
<li style="margin-bottom:6px">${escapeHtml(t.steps[1])} <strong style="white-space:nowrap">${userId}</strong></li>
<li>${escapeHtml(t.steps[2])}</li>
</ol>
<p style="margin:0 0 24px"><a href="${link}" style="display:inline-block;background:#1455c0;color:#ffffff;text-decoration:none;font-weight:600;padding:12px 20px;border-radius:8px">${escapeHtml(t.button)}</a></p>
<p style="margin:0 0 24px">${escapeHtml(t.devices)}</p>
</td></tr>
<tr><td style="padding:16px 32px 28px;border-top:1px solid #e3e7ed;color:#5b6675;font-size:13px">${escapeHtml(t.why)}</td></tr>
</table></td></tr></table>
</body>
</html>
`
}

const escapeAll = (values: Values): Values =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, escapeHtml(value)])) as Values

const escapeHtml = (value: string) => value.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`)
