import { absolute } from '../http/exchange.ts'
import { Stumbled } from '../http/ocs.ts'
import { json, type Reply } from '../http/reply.ts'
import { type Call, text, web } from '../http/route.ts'
import { logInByPasskey } from '../model/passkey-login.ts'

function start(call: Call): Reply {
  const { session, nextcloud } = call
  const uid = text(call, 'loginName')
  session.passkeyLogin = uid
  return json({
    challenge: 'c2ltdWxhdGVk',
    rpId: call.exchange.host.replace(/:\d+$/, ''),
    allowCredentials: nextcloud.passkeys.of(nextcloud.users.get(uid)?.id ?? '').map(({ id }) => ({
      type: 'public-key',
      id: String(id)
    })),
    userVerification: 'discouraged',
    timeout: 60_000
  })
}

/** `data` is the id of the passkey: no real key signs here. A disabled user gets the same answer, and no session. */
function finish(call: Call): Reply {
  const { nextcloud, session, exchange } = call
  const uid = session.passkeyLogin
  session.passkeyLogin = null
  if (uid === null) return json([], 400)
  const user = nextcloud.users.get(uid)
  const passkey = nextcloud.passkeys.get(Number(text(call, 'data')))
  if (!user || passkey?.userId !== user.id) throw new Stumbled()
  const userAgent = exchange.headers['user-agent'] ?? 'unknown browser'
  const entered = logInByPasskey(nextcloud, session, user, userAgent)
  if (entered) {
    call.actor = user
    call.affects(user.id, 'passkey login')
  }
  return json({ defaultRedirectUrl: absolute(exchange, '/apps/dashboard/') })
}

const route = { method: 'POST', access: 'anyone', worksWithoutSecondFactor: true } as const

/** The log-in by passkey: two calls of one browser. */
export const webauthnRoutes = [
  web({ ...route, path: '/login/webauthn/start', needs: ['loginName'], run: start }),
  web({ ...route, path: '/login/webauthn/finish', needs: ['data'], run: finish })
]
