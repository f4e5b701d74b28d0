import { findToken, passwordIs } from '../model/credentials.ts'
import { isAdmin } from '../model/groups.ts'
import { recentlyConfirmed } from '../model/sessions.ts'
import { readBasic } from './exchange.ts'
import type { Call, Route } from './route.ts'

/** A call that Nextcloud's security checks turn away before the controller. */
export class Forbidden extends Error {
  readonly status: number
  readonly kind: 'not-logged-in' | 'not-confirmed' | 'csrf' | 'cookies' | 'second-factor' | 'other'
  constructor(status: number, kind: Forbidden['kind'], message: string) {
    super(message)
    this.status = status
    this.kind = kind
  }
}

/** The checks, in the order in which Nextcloud makes them. Throws {@link Forbidden}. */
export function guard(call: Call, route: Route): void {
  checkAccess(call, route)
  checkCsrf(call, route)
  checkConfirmation(call, route)
  if (call.actor && asksForSecondFactor(call) && !route.worksWithoutSecondFactor) {
    throw new Forbidden(303, 'second-factor', '')
  }
}

const asksForSecondFactor = ({ session }: Call): boolean => session.secondFactorPending && !session.appApi

function checkAccess({ actor, nextcloud }: Call, route: Route): void {
  if (route.access === 'anyone') return
  if (!actor) throw new Forbidden(401, 'not-logged-in', 'Current user is not logged in')
  if (route.access === 'admin' && !isAdmin(actor)) {
    throw new Forbidden(403, 'other', 'Logged in account must be an admin')
  }
  if (route.access === 'admin' && nextcloud.settings.adminsElsewhere) {
    throw new Forbidden(403, 'other', "Your current IP address doesn't allow you to perform admin actions")
  }
}

function checkCsrf({ exchange, session, nextcloud }: Call, route: Route): void {
  if (route.skipsCsrf || exchange.headers['ocs-apirequest']) return
  // A browser also shows by its same-site cookies that the request is its own.
  const hasCookies = exchange.cookies.has(nextcloud.sessions.cookieName)
  if (hasCookies && !sameSite(exchange.cookies)) throw new Forbidden(303, 'cookies', '')
  if (!passesCsrf({ exchange, session })) throw new Forbidden(412, 'csrf', 'CSRF check failed')
}

/** Whether the request token is the session's, or none is asked for because of OCS-APIRequest. */
export function passesCsrf({ exchange, session }: Pick<Call, 'exchange' | 'session'>): boolean {
  if (exchange.headers['ocs-apirequest']) return true
  const token = exchange.parameters.requesttoken ?? exchange.headers.requesttoken
  return token === session.requestToken
}

function sameSite(cookies: Map<string, string>): boolean {
  return cookies.get('nc_sameSiteCookiestrict') === 'true' && cookies.get('nc_sameSiteCookielax') === 'true'
}

function checkConfirmation({ nextcloud, exchange, session, actor }: Call, route: Route): void {
  const wanted = route.confirmation?.(nextcloud) ?? 'none'
  if (wanted === 'none' || !actor) return
  // Before 34, calls without a session row (Basic auth) were never asked: app passwords could change all.
  if (!nextcloud.quirks.appPasswordIsReadOnly && !('token' in findToken(nextcloud, session.id))) return
  if (wanted === 'recent') {
    if (!recentlyConfirmed(session, nextcloud.clock)) {
      throw new Forbidden(403, 'not-confirmed', 'Password confirmation is required')
    }
    return
  }
  const basic = readBasic(exchange)
  if (!basic) throw new Forbidden(403, 'not-confirmed', 'Required authorization header missing')
  // The password alone is looked at, of whoever is logged in.
  if (!passwordIs(actor, basic.password))
    throw new Forbidden(403, 'not-confirmed', 'Password confirmation is required')
  session.passwordConfirmedAt = nextcloud.clock.seconds()
}
