import { createSessions } from '../../src/access/sessions.ts'
import type { AccessOptions } from '../../src/http/access.ts'
import { createRateLimits } from '../../src/http/rate-limit.ts'

/** For an app whose routes are declared, and not called. */
export const nobody: AccessOptions = {
  authenticate: async () => {
    throw new Error('nobody calls')
  },
  sessions: createSessions({ pool: undefined as never, issuers: [] }),
  findSession: async () => {
    throw new Error('nobody calls')
  },
  limits: createRateLimits(1, 1),
  onOutside: () => {},
  refuseOutsiders: async () => {}
}
