import type { FastifyReply, FastifyRequest } from 'fastify'
import { placeOfAddress } from '../access/network.ts'
import type { Actor } from '../audit/event.ts'
import { DomainError } from '../errors.ts'
import { createCounter } from './counter.ts'

const windowSeconds = 60

export type RateLimits = {
  /** Counts a request of a caller, and says in the answer how many are left. @throws DomainError rate-limited */
  spend(reply: FastifyReply, actor: Actor): void
  /** Before a credential is looked at. @throws DomainError too-many-failed-logins */
  refuseGuessing(request: FastifyRequest): void
  failed(request: FastifyRequest): void
}

/** @param perMinute requests of one key. @param failedPerMinute refused credentials from one address (IPv6: from one /64) */
export function createRateLimits(perMinute: number, failedPerMinute: number): RateLimits {
  const requests = createCounter(perMinute, windowSeconds * 1_000)
  const failures = createCounter(failedPerMinute, windowSeconds * 1_000)
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
    refuseGuessing({ ip }) {
      const { left, seconds } = failures.look(placeOfAddress(ip))
      if (left > 0) return
      throw new DomainError(
        'too-many-failed-logins',
        `From this address ${failedPerMinute} requests were refused within a minute, so no key from there is looked at for ${seconds} s. Nothing was done.`,
        { headers: { 'retry-after': String(seconds) } }
      )
    },
    failed({ ip }) {
      failures.count(placeOfAddress(ip))
    }
  }
}
