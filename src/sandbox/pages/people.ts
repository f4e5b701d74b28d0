import type { Sandbox } from '../control/sandbox.ts'
import type { TokenView } from '../control/token-view.ts'
import { escapeHtml } from '../http/html.ts'
import type { User } from '../model/users.ts'
import { shortName } from './browsers.ts'
import { pill } from './layout.ts'

const SHOWN = 60

const states: Record<TokenView['state'], [label: string, kind: 'good' | 'warn' | 'bad' | '', title: string]> =
  {
    alive: ['alive', 'good', ''],
    'alive-until-checked': [
      'alive, old password',
      'warn',
      'Knows an older password: works until Nextcloud checks it, at most five minutes'
    ],
    'password-invalid': [
      'dead for now',
      'bad',
      'Dead, but comes back when the user logs in with the new password'
    ],
    asleep: ['asleep', '', 'The user is disabled; it works again when the user is enabled'],
    'to be wiped': ['to be wiped', 'bad', 'The device erases its data when it calls next']
  }

/** Everybody, with what they hold. */
export function people(sandbox: Sandbox): string {
  const users = sandbox.users()
  const cards = users.slice(0, SHOWN).map((user) => card(sandbox, user))
  const more = users.length > SHOWN ? `<p class="soft">and ${users.length - SHOWN} more</p>` : ''
  return `<section data-part="people"><h2>People <small>${users.length}</small></h2><div class="people">${cards.join('')}</div>${more}</section>`
}

function card(sandbox: Sandbox, user: User): string {
  const hue = [...user.id].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 360, 7)
  const tokens = sandbox.tokens(user.id)
  const list =
    tokens.length === 0
      ? '<p class="none">No sessions or app passwords</p>'
      : `<ul class="tokens">${tokens.map(tokenLine).join('')}</ul>`
  return `<article class="card person${user.enabled ? '' : ' off'}">
<h3><span class="face" style="--hue:${hue}" aria-hidden="true">${escapeHtml([...user.displayName][0]?.toUpperCase() ?? '?')}</span>
<span class="names">${escapeHtml(user.displayName)}<small>${escapeHtml(user.id)} · ${escapeHtml(user.notifyEmail ?? user.email ?? 'no address')}</small></span></h3>
<div class="pills">${[...pills(user), ...outsidePills(sandbox, user)].join('')}</div>
${list}</article>`
}

function pills(user: User): string[] {
  const found = user.groups.map((group) => pill(group, group === 'admin' ? 'info' : ''))
  if (!user.enabled) found.push(pill('disabled', 'bad'))
  if (user.backend !== 'Database')
    found.push(pill(user.backend, 'warn', 'Its password is kept elsewhere and cannot be set here'))
  for (const [provider, on] of user.twoFactor) if (on) found.push(pill(`two-factor: ${provider}`, 'info'))
  if (user.pendingLink) found.push(pill('reset link pending', 'warn', 'A mailed reset link is not used yet'))
  if (user.lastLogin === 0) found.push(pill('never logged in'))
  return found
}

/** What gets in, or gives away, without the password. */
function outsidePills(sandbox: Sandbox, { id }: User): string[] {
  const links = sandbox.shares(id).filter(({ type }) => type === 3 || type === 4 || type === 6)
  return [
    ...sandbox
      .passkeys(id)
      .map(({ name }) => pill(`passkey: ${name}`, 'info', 'Logs in without the password')),
    ...(links.length === 0 ? [] : [pill(`shares: ${links.length}`, '', 'Links and shares for outsiders')])
  ]
}

const browserIcon =
  '<svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><rect x="1.5" y="2.5" width="13" height="11" rx="2"/><path d="M1.5 6h13"/></svg>'
const keyIcon =
  '<svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><circle cx="5" cy="11" r="3.2"/><path d="m7.4 8.6 6-6M11 5l2 2"/></svg>'

function tokenLine(token: TokenView): string {
  const [label, kind, title] = states[token.state]
  const icon = token.type === 0 ? browserIcon : keyIcon
  const what = token.type === 0 ? 'Browser session' : 'App password'
  return `<li data-key="t${token.id}"><span title="${escapeHtml(`${what}: ${token.name}`)}">${icon} ${escapeHtml(shortName(token.name))}</span>${pill(label, kind, title)}</li>`
}
