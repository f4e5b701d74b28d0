import type { Nextcloud } from './nextcloud.ts'
import type { Session } from './sessions.ts'
import type { User } from './users.ts'

/** What an external app sends along: `secret` and `user` from `AUTHORIZATION-APP-API`. */
export interface AppApiCredentials {
  id: string
  version: string
  user: string
  secret: string
}

const ACTION = 'app_api'

/**
 * Whether an external app is calling; its user (null: none) is logged in then, and the session asks for no second
 * factor from now on. Whoever is refused goes on as anybody: only an unknown app and a wrong secret count as attempts.
 */
export function logInApp(
  nextcloud: Nextcloud,
  session: Session,
  { address, charge }: { address: string; charge: (delayMs: number) => void },
  given: AppApiCredentials
): { user: User | null } | undefined {
  const { throttler, settings, users } = nextcloud
  charge(throttler.delayOrRefuse(address, ACTION))
  const app = settings.appApi
  if (given.id === '') return undefined
  const who = `${given.id}:${given.user}`
  if (app?.id !== given.id || app.secret !== given.secret) {
    throttler.register(ACTION, address, who)
    return undefined
  }
  if (app.enabled === false || given.version === '') return undefined
  // A newer version is believed, and kept; an older one does no harm.
  if (isNewer(given.version, app.version)) app.version = given.version
  const user = given.user === '' ? null : users.get(given.user)
  if (user === undefined) return undefined
  session.appApi = true
  throttler.forget(ACTION, address, who)
  return { user }
}

/** PHP's `version_compare`, as far as numbers go. */
function isNewer(given: string, known: string): boolean {
  const [a, b] = [given, known].map((version) =>
    version.split('.').map((part) => Number.parseInt(part, 10) || 0)
  )
  for (let i = 0; i < Math.max(a!.length, b!.length); i++) {
    if ((a![i] ?? 0) !== (b![i] ?? 0)) return (a![i] ?? 0) > (b![i] ?? 0)
  }
  return false
}
