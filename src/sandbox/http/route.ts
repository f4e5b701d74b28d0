import type { Nextcloud } from '../model/nextcloud.ts'
import type { RateLimit } from '../model/rate-limits.ts'
import type { Session } from '../model/sessions.ts'
import type { User } from '../model/users.ts'
import type { Exchange } from './exchange.ts'
import type { Observed } from './nextcloud.ts'
import type { Reply } from './reply.ts'

/** One call while it is handled. */
export interface Call {
  nextcloud: Nextcloud
  exchange: Exchange
  session: Session
  /** Who is logged in. */
  actor: User | null
  /** The parts of the path, then query and body. */
  parameters: Record<string, unknown>
  requestId: string
  /** Sum of the brute-force delays charged for the header. */
  throttledMs: number
  /** Whether the answer has that header. */
  tellsDelay: boolean
  /** Which limit this call exceeded. */
  refused: Observed['refused']
  /** Notes a brute-force delay: on 31 the caller waits that long. */
  charge(delayMs: number): void
  /** The handler calls it when this call counts as a brute-force attempt. */
  throttle(user?: string): void
  isThrottled: { user: string } | null
  /** Says that something about this user was changed, for the log and the counters. */
  affects(userId: string, effect: string): void
}

/** A call by somebody who is logged in. */
export interface UserCall extends Call {
  actor: User
}

interface RouteBase {
  method: string
  /** `{name}` stands for one segment, `{name+}` for several. */
  path: string
  /** Not asked for its CSRF token. */
  skipsCsrf?: boolean
  /** `recent`: the password was proved within 30 minutes; `strict`: it comes along as Basic auth. */
  confirmation?: (nextcloud: Nextcloud) => 'none' | 'recent' | 'strict'
  /** Works while a second factor is still asked for. */
  worksWithoutSecondFactor?: boolean
  bruteForce?: string
  userLimit?: RateLimit
  anonymousLimit?: RateLimit
  /** Parameters that have to be there, as text (numbers from JSON are refused as PHP refuses them). */
  needs?: readonly string[]
}

/** An answer in OCS's envelope; the handler returns its `data` or throws an OcsFailure. */
export interface OcsRoute extends RouteBase {
  kind: 'ocs'
  /** Who may: `subadmin` means group admins and admins. */
  access: 'anyone' | 'user' | 'subadmin' | 'admin'
  run(call: UserCall): unknown
}

/** Everything under `index.php`. */
export interface WebRoute extends RouteBase {
  kind: 'web'
  access: 'anyone' | 'user' | 'admin'
  run(call: Call): Reply
}

export type Route = OcsRoute | WebRoute

export const ocs = (route: Omit<OcsRoute, 'kind'>): OcsRoute => ({ kind: 'ocs', ...route })
export const web = (route: Omit<WebRoute, 'kind'>): WebRoute => ({ kind: 'web', ...route })

/** A parameter as text, '' when it is not there. */
export function text(call: Call, name: string): string {
  const value = call.parameters[name]
  return typeof value === 'string' ? value : ''
}
