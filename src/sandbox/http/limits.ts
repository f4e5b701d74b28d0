import { RateLimitExceeded } from '../model/rate-limits.ts'
import { MaxDelayReached } from '../model/throttler.ts'
import type { Envelope } from './ocs.ts'
import { guestPage } from './page.ts'
import { empty, html, type Reply } from './reply.ts'
import type { Call, Route } from './route.ts'

/** Brute-force delay first, then the rate limits; both before the controller. */
export function checkLimits(call: Call, route: Route): void {
  const { nextcloud, exchange, actor } = call
  if (route.bruteForce) {
    const delay = nextcloud.throttler.delayOrRefuse(exchange.address, route.bruteForce)
    call.charge(delay)
    call.throttledMs += delay
  }
  const identifier = `${route.method} ${route.path}`
  if (actor && route.userLimit) {
    const { allowListed, applyAllowlistToRateLimit } = nextcloud.settings
    if (!(allowListed && applyAllowlistToRateLimit))
      nextcloud.rateLimits.use(identifier, actor.id, route.userLimit)
  } else if (route.anonymousLimit && !call.session.appApi) {
    nextcloud.rateLimits.use(identifier, exchange.address, route.anonymousLimit)
  }
}

/**
 * Registers the attempt of a call that counts as one, and charges the delay that follows. The attempt that reaches
 * the maximum was carried out (an 11th reset mail is sent) and is answered as if it had been refused.
 */
export function registerAttempt(call: Call, route: Route): void {
  if (!call.isThrottled || !route.bruteForce) return
  const { throttler } = call.nextcloud
  throttler.register(route.bruteForce, call.exchange.address, call.isThrottled.user)
  const delay = throttler.delayOrRefuse(call.exchange.address, route.bruteForce)
  call.charge(delay)
  call.throttledMs += delay
}

/** What brute-force protection answers on a page: without the frame of a page, whatever was accepted. */
export function tooManyRequests(): Reply {
  return html(
    '<div class="body-login-container update">\n\t<h2>Too many requests</h2>\n\t<p class="infogroup">There were too many requests from your network. Retry later or contact your administrator if this is an error.</p>\n</div>\n',
    429
  )
}

/** How a refusal by the limits is answered; undefined for any other error. */
export function limitReply(error: unknown, call: Call, route: Route): Reply | Envelope | undefined {
  if (error instanceof MaxDelayReached) {
    call.refused = 'max-delay'
    // Whatever delay was charged before: this answer does not tell it.
    call.tellsDelay = false
    return route.kind === 'ocs' ? { code: 429, message: error.message, data: [] } : tooManyRequests()
  }
  if (!(error instanceof RateLimitExceeded)) return undefined
  call.refused = 'rate-limit'
  // No Retry-After, no body, and no OCS envelope either (fact 5).
  const wantsPage = /html/i.test(call.exchange.headers.accept ?? '')
  return wantsPage ? guestPage(call, { title: 'Nextcloud', heading: 'Too many requests' }, 429) : empty(429)
}
