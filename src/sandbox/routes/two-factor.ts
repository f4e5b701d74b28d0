import { OcsFailure, Stumbled } from '../http/ocs.ts'
import { json } from '../http/reply.ts'
import { ocs, text, type UserCall, web } from '../http/route.ts'
import { providerIds } from '../model/two-factor.ts'
import type { User } from '../model/users.ts'

function wanted(call: UserCall): User {
  const user = call.nextcloud.users.find(text(call, 'user'))
  if (!user) throw new OcsFailure(404, '', null)
  return user
}

/** `[]` for a user who never set up any provider. */
function states(user: User): Record<string, boolean> | [] {
  return user.twoFactor.size === 0 ? [] : Object.fromEntries(user.twoFactor)
}

export const twoFactorRoutes = [
  ocs({
    method: 'GET',
    path: '/twofactor/state',
    access: 'admin',
    needs: ['user'],
    run: (call) => states(wanted(call))
  }),
  ocs({
    method: 'POST',
    path: '/twofactor/disable',
    access: 'admin',
    confirmation: ({ version }) => (version >= 33 ? 'strict' : 'none'),
    needs: ['user'],
    run(call) {
      const user = wanted(call)
      const providers = Array.isArray(call.parameters.providers) ? call.parameters.providers.map(String) : []
      const known = (id: string): boolean => user.twoFactor.has(id) || providerIds.some((one) => one === id)
      if (!providers.every(known)) throw new Stumbled()
      // Off is written down even where it never was on.
      for (const provider of providers) user.twoFactor.set(provider, false)
      call.affects(user.id, 'disable two-factor')
      return states(user)
    }
  }),
  web({
    method: 'GET',
    path: '/settings/api/admin/twofactorauth',
    access: 'admin',
    run: ({ nextcloud }) => json(nextcloud.settings.twoFactorEnforced)
  })
]
