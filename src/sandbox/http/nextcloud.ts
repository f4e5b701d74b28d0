import { randomUUID } from 'node:crypto'
import { authenticate } from '../model/authenticate.ts'
import type { Nextcloud } from '../model/nextcloud.ts'
import type { Session } from '../model/sessions.ts'
import { addCookies, openSession } from './cookies.ts'
import type { FindDestination } from './destination.ts'
import { type Exchange, readAppApi, readBasic } from './exchange.ts'
import { gate } from './gate.ts'
import { Forbidden, guard } from './guard.ts'
import { checkLimits, limitReply, registerAttempt } from './limits.ts'
import { type Envelope, NOT_FOUND, OcsFailure, ocsReply, Stumbled } from './ocs.ts'
import { guestPage } from './page.ts'
import {
  badParameterReply,
  earlyOcsError,
  forbiddenReply,
  loginReply,
  ocsFormat,
  outOfRangeReply
} from './refusals.ts'
import { empty, type Reply, redirect } from './reply.ts'
import type { Call, Route, UserCall } from './route.ts'

/** What a call did, for the log. */
export interface Observed {
  actor: string | null
  /** The token row of the session whose cookies it brought. */
  session: number | null
  throttledMs: number
  /** How long 31 lets the caller wait; 0 where the clock was moved instead. */
  sleepMs: number
  effects: { userId: string; effect: string }[]
  /**
   * The limit that made the answer a 429: brute-force protection, which has let the call that reached its maximum
   * happen all the same, or a rate limit.
   */
  refused: 'max-delay' | 'rate-limit' | null
}

export const nothingObserved = (): Observed => ({
  actor: null,
  session: null,
  throttledMs: 0,
  sleepMs: 0,
  effects: [],
  refused: null
})

/** `instead`: what answers in place of Nextcloud; nothing has happened then. */
export type Handle = (exchange: Exchange, observed: Observed, instead?: Instead) => Reply
export type Instead = (call: Call) => Reply

/** Answers requests as the given Nextcloud would. */
export function createHandler(
  nextcloud: Nextcloud,
  destination: FindDestination,
  realDelays: boolean
): Handle {
  return (exchange, observed, instead) => {
    const opened = openSession(nextcloud, exchange)
    observed.session = nextcloud.tokens.bySecret(opened.id)?.id ?? null
    const call = createCall(nextcloud, exchange, opened.session, observed, realDelays)
    if (instead) return instead(call)
    const reply = gate(call) ?? answer(call, destination(exchange), opened.known)
    observed.actor = call.actor?.id ?? null
    observed.throttledMs = call.throttledMs
    observed.refused = call.refused
    if (call.actor && nextcloud.quirks.sendsUserId) reply.headers['x-user-id'] ??= call.actor.id
    addCookies(call, opened, reply)
    return reply
  }
}

function createCall(
  nextcloud: Nextcloud,
  exchange: Exchange,
  session: Session,
  observed: Observed,
  realDelays: boolean
): Call {
  return {
    nextcloud,
    exchange,
    session,
    actor: null,
    parameters: exchange.parameters,
    requestId: randomUUID(),
    throttledMs: 0,
    tellsDelay: true,
    refused: null,
    isThrottled: null,
    charge(delayMs) {
      // 31 makes the caller wait; here the clock moves instead. 33 and 34 only tell (recordings).
      if (!nextcloud.quirks.throttleSleeps) return
      if (realDelays) observed.sleepMs += delayMs
      else nextcloud.clock.advance(delayMs / 1000)
    },
    throttle(user = '') {
      this.isThrottled = { user }
    },
    affects: (userId, effect) => observed.effects.push({ userId, effect })
  }
}

function answer(
  call: Call,
  { kind, version, path, found }: ReturnType<FindDestination>,
  hadSession: boolean
): Reply {
  const { exchange, nextcloud } = call
  try {
    call.actor = authenticate(nextcloud, {
      session: call.session,
      basic: readBasic(exchange),
      appApi: readAppApi(exchange),
      hadSessionCookie: hadSession,
      hadTestCookie: exchange.cookies.has('cookie_test'),
      address: exchange.address,
      userAgent: exchange.headers['user-agent'] ?? 'unknown browser',
      charge: call.charge
    })
  } catch (error) {
    const reply = loginReply(error, call, kind, version)
    if (reply) return reply
    throw error
  }
  if (found === 'no-such-route') return kind === 'ocs' ? unknownOcs(call, version) : unknownPage(call, path)
  if (found === 'other-method') return otherMethod(call, kind)
  call.parameters = { ...exchange.parameters, ...found.parts }
  return run(call, found.route, version)
}

function run(call: Call, route: Route, version: 1 | 2): Reply {
  const finish = (result: Reply | Envelope): Reply => {
    const reply = 'status' in result ? result : ocsReply(result, ocsFormat(call), version)
    if (call.throttledMs > 0 && call.tellsDelay)
      reply.headers['x-nextcloud-bruteforce-throttled'] = `${call.throttledMs}ms`
    return reply
  }
  try {
    guard(call, route)
    checkLimits(call, route)
    if ((route.needs ?? []).some((name) => typeof call.parameters[name] !== 'string')) {
      return finish(badParameterReply(call, route.kind, version))
    }
    if (!limitInRange(call)) return finish(outOfRangeReply(call, route.kind, version))
    const result: Reply | Envelope =
      route.kind === 'web' ? route.run(call) : { code: 200, message: 'OK', data: route.run(call as UserCall) }
    registerAttempt(call, route)
    return finish(result)
  } catch (error) {
    if (error instanceof Forbidden) return finish(forbiddenReply(error, call, route))
    const limited = limitReply(error, call, route)
    if (limited) return finish(limited)
    if (error instanceof Stumbled) return finish(outOfRangeReply(call, route.kind, version))
    if (error instanceof OcsFailure)
      return finish({ code: error.code, message: error.message, data: error.data })
    throw error
  }
}

function limitInRange({ nextcloud, parameters }: Call): boolean {
  const { maxPage } = nextcloud.quirks
  if (maxPage === null || parameters.limit === undefined) return true
  const limit = Number(parameters.limit)
  return limit >= 1 && limit <= maxPage
}

function unknownOcs(call: Call, version: 1 | 2): Reply {
  const message =
    'Invalid query, please check the syntax. API specifications are here: http://www.freedesktop.org/wiki/Specifications/open-collaboration-services.\n'
  return earlyOcsError(call, version, { code: NOT_FOUND, message, data: [] })
}

function unknownPage(call: Call, path: string): Reply {
  const accept = call.exchange.headers.accept ?? ''
  if (accept === 'application/json' || accept === 'application/xml') return empty(404)
  if (path === '/')
    return redirect(
      `${call.exchange.scheme}://${call.exchange.host}${call.actor ? '/apps/dashboard/' : '/login'}`,
      302
    )
  return guestPage(call, { title: 'Nextcloud', heading: 'Page not found' }, 404)
}

function otherMethod(call: Call, kind: Route['kind']): Reply {
  if (kind === 'web') return empty(405)
  const json = ocsFormat(call) === 'json' && !call.nextcloud.quirks.earlyErrorsIgnoreAccept
  return {
    status: 405,
    headers: { 'content-type': json ? 'application/json; charset=utf-8' : 'text/xml; charset=UTF-8' },
    body: ''
  }
}
