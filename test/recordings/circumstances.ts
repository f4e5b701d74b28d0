import type { Sandbox } from '../../src/sandbox/index.ts'
import { furnish } from './preparations.ts'
import type { Scenario } from './recording.ts'

interface Circumstances {
  /** Failed log-ins of the caller's address that still counted. */
  failedLogins: number
  /** Attempts of reset mails that still slow it down. */
  resetMails: number
  /** Calls of the reset-mail endpoint that still counted for its rate limit. */
  mailsAsked: number
}

/**
 * What the real servers remembered of the caller's address when a scenario was recorded: earlier scenarios and
 * trials, read off the first `X-Nextcloud-Bruteforce-Throttled` and off the call that was refused.
 */
const remembered: Record<string, Partial<Record<Scenario, Partial<Circumstances>>>> = {
  '31.0.2': {
    'revoke-over-http': { failedLogins: 1 },
    'one-request-login': { failedLogins: 2 },
    'login-refused': { failedLogins: 1 },
    'disable-and-enable': { failedLogins: 3 },
    'remote-wipe': { failedLogins: 3 }
  },
  '33.0.3': {
    'one-request-login': { failedLogins: 1 },
    'login-refused': { failedLogins: 1 },
    'disable-and-enable': { failedLogins: 3 },
    'remote-wipe': { failedLogins: 3 },
    'reset-mail': { mailsAsked: 2 }
  },
  '34.0.1': {
    'one-request-login': { failedLogins: 1 },
    'login-refused': { failedLogins: 1 },
    'disable-and-enable': { failedLogins: 3 },
    'remote-wipe': { failedLogins: 3 },
    'reset-mail': { mailsAsked: 2 },
    'delete-user': { resetMails: 2 }
  }
}

export function arrange(sandbox: Sandbox, version: string, scenario: Scenario): void {
  const { failedLogins = 0, resetMails = 0, mailsAsked = 0 } = remembered[version]?.[scenario] ?? {}
  sandbox.resetThrottle()
  const { throttler, rateLimits } = sandbox.nextcloud
  for (let i = 0; i < failedLogins; i++) throttler.register('login', '127.0.0.1', 'somebody gone')
  for (let i = 0; i < resetMails; i++) throttler.register('passwordResetEmail', '127.0.0.1')
  for (let i = 0; i < mailsAsked; i++) {
    rateLimits.use('POST /lostpassword/email', '127.0.0.1', { limit: 10, period: 300 })
  }
  furnish(sandbox, scenario)
  sandbox.settings({ maintenance: scenario === 'maintenance' })
}
