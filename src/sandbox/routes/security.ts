import { escapeHtml } from '../http/html.ts'
import { guestPage } from '../http/page.ts'
import { json, type Reply } from '../http/reply.ts'
import { type Call, text, web } from '../http/route.ts'
import { findToken } from '../model/credentials.ts'
import type { Token } from '../model/tokens.ts'

/** What the security page lists: nothing at all unless the request's session has a token row. */
function appTokens({ nextcloud, session, actor }: Call): Record<string, unknown>[] {
  const own = findToken(nextcloud, session.id)
  if (!('token' in own) || !actor) return []
  return nextcloud.tokens.firstOf(actor.id).map((token) => listed(token, token === own.token))
}

function listed(token: Token, current: boolean): Record<string, unknown> {
  return {
    id: token.id,
    name: token.name,
    lastActivity: token.lastActivity,
    type: token.type,
    scope: { filesystem: token.filesystem },
    canDelete: !current,
    canRename: !current && token.type !== 2,
    ...(current && { current: true })
  }
}

/** Whoever is logged in sees them, by Basic auth too. */
const passkeys = ({ nextcloud, actor }: Call): { id: number; name: string }[] =>
  actor ? nextcloud.passkeys.of(actor.id).map(({ id, name }) => ({ id, name })) : []

function securityPage(call: Call): Reply {
  const tokens = appTokens(call)
  const rows = tokens.map(
    ({ name, type }) =>
      `<li>${escapeHtml(name)} (${['session', 'app password', 'wiped', 'one-time app password'][Number(type)]})</li>`
  )
  return guestPage(call, {
    title: call.nextcloud.version === 31 ? 'Security - Settings - Nextcloud' : 'Security - Nextcloud',
    heading: 'Two-Factor Authentication',
    states: {
      'settings-webauthn-devices': passkeys(call),
      'settings-app_tokens': tokens,
      'settings-can_create_app_token': true
    },
    body: `<h3>Devices &amp; sessions</h3><ul>${rows.join('')}</ul>`
  })
}

function deleteToken(call: Call): Reply {
  const { nextcloud, actor, session } = call
  if (session.appPassword !== null) return json([], 400)
  const token = nextcloud.tokens.get(Number(text(call, 'id')))
  if (!token || token.userId !== actor?.id) return json([], 404)
  nextcloud.tokens.remove(token)
  call.affects(token.userId, `delete token ${token.id}`)
  return json([])
}

/** It says the same whatever the id: only the page tells whether the passkey is gone. */
function deletePasskey(call: Call): Reply {
  const { nextcloud, actor } = call
  const passkey = nextcloud.passkeys.get(Number(text(call, 'id')))
  if (passkey && passkey.userId === actor?.id) {
    nextcloud.passkeys.remove(passkey.id)
    call.affects(actor.id, `delete passkey ${passkey.id}`)
  }
  return json([])
}

export const securityRoutes = [
  web({ method: 'GET', path: '/settings/user/security', access: 'user', skipsCsrf: true, run: securityPage }),
  web({
    method: 'DELETE',
    path: '/settings/personal/authtokens/{id}',
    access: 'user',
    confirmation: ({ quirks }) => (quirks.tokenDeleteNeedsPassword ? 'strict' : 'none'),
    run: deleteToken
  }),
  web({
    method: 'DELETE',
    path: '/settings/api/personal/webauthn/registration/{id}',
    access: 'user',
    confirmation: () => 'recent',
    run: deletePasskey
  })
]
