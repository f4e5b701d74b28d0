import { OcsFailure } from '../http/ocs.ts'
import { ocs } from '../http/route.ts'
import { alphanumerics } from '../model/random.ts'

export const appPasswordRoutes = [
  ocs({
    method: 'GET',
    path: '/core/getapppassword',
    access: 'user',
    confirmation: () => 'recent',
    run({ nextcloud, actor, session, exchange, affects }) {
      if (session.appPassword !== null) {
        throw new OcsFailure(403, 'You cannot request an new apppassword with an apppassword')
      }
      const secret = alphanumerics(72)
      const loginName = session.loginName ?? actor.id
      const name = exchange.headers['user-agent'] ?? ''
      nextcloud.tokens.add({ userId: actor.id, loginName, secret, password: actor.password, name, type: 1 })
      affects(actor.id, 'create app password')
      return { apppassword: secret }
    }
  }),
  ocs({
    method: 'DELETE',
    path: '/core/apppassword',
    access: 'user',
    run({ nextcloud, actor, session, affects }) {
      const token = nextcloud.tokens.bySecret(session.appPassword ?? '')
      if (!token) throw new OcsFailure(403, 'no app password in use')
      nextcloud.tokens.remove(token)
      affects(actor.id, 'delete app password')
      return []
    }
  })
]
