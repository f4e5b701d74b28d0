import type { Finding } from '../check.ts'
import type { Facts } from '../facts.ts'
import { checkOwnAddress, checkProxyHeaders } from './address.ts'
import { checkAdminPasswords } from './admin-passwords.ts'
import { checkAdmins } from './admins.ts'
import { checkAppApi } from './app-api.ts'
import { checkAudit } from './audit.ts'
import { checkDatabase } from './database.ts'
import { checkDrivers } from './drivers.ts'
import { checkAllowList, checkDelay, checkLimits } from './limits.ts'
import { checkLinks } from './links.ts'
import {
  checkBounceMailbox,
  checkConfirmPage,
  checkNextcloudMail,
  checkPasswordReset,
  checkSmtp
} from './mail.ts'
import { checkNextcloud } from './nextcloud.ts'
import { checkProtectedUsers } from './protected-users.ts'
import { checkCircuit, checkClock, checkTransport, checkVersion } from './server.ts'
import { checkStreams } from './streams.ts'
import { checkTwoFactor } from './two-factor.ts'
import { checkBackends, checkEncryption, checkPasswordPolicy } from './users.ts'
import { checkWebhooks } from './webhooks.ts'

type Check = (facts: Facts) => Finding | Finding[]

/** By the name of their first finding, in the order in which a person would look. */
const checks: Record<string, Check> = {
  database: checkDatabase,
  'audit-log': checkAudit,
  nextcloud: checkNextcloud,
  'nextcloud-version': checkVersion,
  'nextcloud-connection': checkTransport,
  'nextcloud-clock': checkClock,
  circuit: checkCircuit,
  'admin-account': checkAdmins,
  'admin-password': checkAdminPasswords,
  'protected-users': checkProtectedUsers,
  'own-address': checkOwnAddress,
  'proxy-headers': checkProxyHeaders,
  'allow-list': checkAllowList,
  'brute-force-delay': checkDelay,
  limits: checkLimits,
  'password-reset': checkPasswordReset,
  'nextcloud-mail': checkNextcloudMail,
  'reset-links': checkLinks,
  smtp: checkSmtp,
  'confirm-page': checkConfirmPage,
  'bounce-mailbox': checkBounceMailbox,
  'password-policy': checkPasswordPolicy,
  encryption: checkEncryption,
  'user-backends': checkBackends,
  'two-factor': checkTwoFactor,
  'app-api': checkAppApi,
  driver: checkDrivers,
  webhooks: checkWebhooks,
  streams: checkStreams
}

/** Every finding. A check that fails itself hides no other. */
export const judge = (facts: Facts): Finding[] =>
  Object.entries(checks).flatMap(([name, check]) => {
    try {
      return check(facts)
    } catch {
      return {
        name,
        state: 'unknown',
        found: 'This check failed itself: a fault of Locksmith.'
      } satisfies Finding
    }
  })
