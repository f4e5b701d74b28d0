import type { FastifyReply, FastifyRequest } from 'fastify'
import { hashOf } from '../access/key.ts'
import { placeOfAddress } from '../access/network.ts'
import type { Actor } from '../audit/event.ts'
import { DomainError } from '../errors.ts'
import { createCounter } from './counter.ts'

const windowSeconds = 60

/** How long it is remembered that a credential was good, and how many at most. Milliseconds. */
const rememberMs = 3_600_000
const mostGood = 10_000

export type RateLimits = {
  /** Counts a request of a caller, and says in the answer how many are left. @throws DomainError rate-limited */
  spend(reply: FastifyReply, actor: Actor): void
  /**
   * Before a credential is looked at. One that was good from there a while ago is no guess: it is not kept out by what
   * others behind the same address do. @throws DomainError too-many-failed-logins
   */
  refuseGuessing(request: FastifyRequest): void
  succeeded(request: FastifyRequest): void
  failed(request: FastifyRequest): void
}

/** @param perMinute requests of one key. @param failedPerMinute refused credentials from one address (IPv6: from one /64) */
export function createRateLimits(perMinute: number, failedPerMinute: number): RateLimits {
  const requests = createCounter(perMinute, windowSeconds * 1_000)
  const failures = createCounter(failedPerMinute, windowSeconds * 1_000)
  const good = new Map<string, number>()
  const nameOf = ({ ip, headers }: FastifyRequest) =>
    `${placeOfAddress(ip)} ${hashOf(headers.authorization ?? '').toString('base64')}`
  return {
    spend(reply, actor) {
      const { left, seconds } = requests.count(actor)
      // draft-ietf-httpapi-ratelimit-headers
      reply.header('ratelimit-policy', `"default";q=${perMinute};w=${windowSeconds}`)
      reply.header('ratelimit', `"default";r=${Math.max(0, left)};t=${seconds}`)
      if (left >= 0) return
      throw new DomainError(
        'rate-limited',
        `This key has made its ${perMinute} requests of this minute. Nothing was done: send it again in ${seconds} s.`,
        { headers: { 'retry-after': String(seconds) } }
      )
    },
    refuseGuessing(request) {
      const { left, seconds } = failures.look(placeOfAddress(request.ip))
      if (left > 0 || (good.get(nameOf(request)) ?? 0) > performance.now()) return
      throw new DomainError(
        'too-many-failed-logins',
        `From this address ${failedPerMinute} requests were refused within a minute, so no key that is new there is looked at for ${seconds} s. Nothing was done.`,
        { headers: { 'retry-after': String(seconds) } }
      )
    },
    succeeded(request) {
      const name = nameOf(request)
      // Whoever came last goes to the end, so the first in the map is the one to forget.
      good.delete(name)
      good.set(name, performance.now() + rememberMs)
      if (good.size > mostGood) good.delete(good.keys().next().value!)
    },
    failed(request) {
      good.delete(nameOf(request))
      failures.count(placeOfAddress(request.ip))
    }
  }
}
