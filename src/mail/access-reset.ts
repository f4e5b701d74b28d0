export type AccessReset = {
  to: string
  userId: string
  displayName: string
  /** The user's language in Nextcloud, such as `de` or `de_DE`. */
  language: string | null
  operationId: string
}

type Texts = {
  subject: string
  greeting: (name: string) => string
  what: string
  how: string
  button: string
  steps: [string, string, string]
  userId: string
  devices: string
  why: string
}

const english: Texts = {
  subject: 'Your access was reset',
  greeting: (name) => `Hello ${name},`,
  what: 'your access was reset by the administration. Your old password no longer works, and all browsers and apps that were signed in have been signed out.',
  how: 'To get back in, choose a new password:',
  button: 'Open the sign-in page',
  steps: [
    'Open the sign-in page.',
    'Choose “Forgot password?” and enter your user name:',
    'Follow the link in the mail that you then receive.'
  ],
  userId: 'Your user name',
  devices: 'Apps on your phone and computer ask you to sign in again afterwards.',
  why: 'You receive this mail because you have an account there. It contains no password and nobody will ask you for one.'
}

const german: Texts = {
  subject: 'Ihr Zugang wurde zurückgesetzt',
  greeting: (name) => `Guten Tag ${name},`,
  what: 'Ihr Zugang wurde von der Verwaltung zurückgesetzt. Ihr altes Passwort gilt nicht mehr, und alle angemeldeten Browser und Apps wurden abgemeldet.',
  how: 'So kommen Sie wieder hinein – wählen Sie ein neues Passwort:',
  button: 'Zur Anmeldung',
  steps: [
    'Öffnen Sie die Anmeldung.',
    'Wählen Sie „Passwort vergessen?“ und geben Sie Ihren Benutzernamen ein:',
    'Folgen Sie dem Link in der Mail, die Sie dann erhalten.'
  ],
  userId: 'Ihr Benutzername',
  devices: 'Die Apps auf Telefon und Rechner fragen danach neu nach der Anmeldung.',
  why: 'Sie erhalten diese Mail, weil Sie dort ein Konto haben. Sie enthält kein Passwort, und niemand wird Sie nach einem fragen.'
}

/** "Your access was reset, this is how you get back in": text and HTML, in the user's language where we have it. */
export function accessResetMail({ userId, displayName, language }: AccessReset, nextcloudUrl: URL) {
  const isGerman = /^de([_-]|$)/i.test(language ?? '')
  const t = isGerman ? german : english
  const site = nextcloudUrl.host
  const link = `${nextcloudUrl.href.replace(/\/$/, '')}/index.php/login`
  const lines = [
    t.greeting(displayName),
    `${t.what} (${site})`,
    t.how,
    `1. ${t.steps[0]} ${link}\n2. ${t.steps[1]} ${userId}\n3. ${t.steps[2]}`,
    t.devices,
    '--',
    t.why
  ]
  return {
    subject: `${t.subject} – ${site}`,
    language: isGerman ? 'de' : 'en',
    text: lines.join('\n\n'),
    html: htmlOf(t, { language: isGerman ? 'de' : 'en', site, link, userId, displayName })
  }
}

type Values = { language: string; site: string; link: string; userId: string; displayName: string }

/** Tables and inline styles, as mail programs want them; no image, no tracking, nothing fetched. */
function htmlOf(t: Texts, values: Values): string {
  const { displayName } = values
  const { language, site, link, userId } = escapeAll(values)
  const font = 'font-family:-apple-system,Segoe UI,Roboto,Helvetica,Arial,sans-serif'
  return `<!doctype html>
<html lang="${language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light"><title>${escapeHtml(t.subject)}</title></head>
<body style="margin:0;padding:24px 12px;background:#eef1f5;color:#1c2430;${font};font-size:16px;line-height:1.5">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px;background:#ffffff;border-radius:12px">
<tr><td style="padding:32px 32px 8px">
<p style="margin:0 0 4px;color:#5b6675;font-size:14px">${site}</p>
<h1 style="margin:0 0 20px;font-size:24px;line-height:1.25">${escapeHtml(t.subject)}</h1>
<p style="margin:0 0 16px">${escapeHtml(t.greeting(displayName))}</p>
<p style="margin:0 0 16px">${escapeHtml(t.what)}</p>
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
