import { createAuthenticate, unauthorized } from '../access/authenticate.ts'
import { createTokens } from '../access/oidc.ts'
import { createSessions } from '../access/sessions.ts'
import { appendAudit } from '../audit/audit.sql.ts'
import { readSignedRequest } from '../integrations/signals/caller.ts'
import { refuseOutsiders } from '../users/groups.ts'
import type { World } from '../world.ts'
import type { AccessOptions } from './access.ts'
import { sessionCookie } from './cookie.ts'
import { createCounter } from './counter.ts'
import { createRateLimits } from './rate-limit.ts'

/** Who may call, from this process's settings and its database. */
export function accessOf(
  { config, pool, nextcloud, signals, log }: World,
  firstKey: string | undefined
): AccessOptions {
  const { issuers } = config
  const readToken = issuers.length > 0 ? createTokens(pool, issuers) : undefined
  const readSigned = readSignedRequest(signals)
  // One event tells it; a thousand would only fill the audit.
  const told = createCounter(1, 60_000)
  const sessions = createSessions({ pool, firstKey, issuers })
  return {
    authenticate: createAuthenticate({
      pool,
      firstKey,
      readToken: async (token) => (await readSigned(token)) ?? readToken?.(token),
      onError: (error) => log.warn({ err: error }, 'when a key was last used could not be written')
    }),
    sessions,
    async findSession(request) {
      const token = sessionCookie(config.publicOrigin).read(request)
      const session = token === undefined ? undefined : await sessions.find(token)
      if (session) return session
      throw unauthorized(
        token === undefined ? 'Sign in first. Nothing was done.' : 'Your session is over. Nothing was done.'
      )
    },
    limits: createRateLimits(config.RATE_LIMIT_PER_MINUTE, config.RATE_LIMIT_FAILED_LOGINS_PER_MINUTE),
    onOutside({ id, ip }, { caller: { actor } }) {
      if (told.count(actor).left < 0) return
      const sourceAddress = ip.slice(0, 60)
      const event = {
        action: 'key.address-refused',
        actor,
        requestId: id,
        sourceAddress,
        details: {}
      } as const
      appendAudit(pool, event).catch((error) =>
        log.warn({ err: error }, 'that a key was refused could not be written')
      )
    },
    refuseOutsiders: (caller, userId) => refuseOutsiders(nextcloud, caller, userId)
  }
}
