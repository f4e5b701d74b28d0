import type { Config } from '../config.ts'
import type { ProtectedList } from '../guard/resolve.ts'
import type { EndpointHealth } from '../integrations/webhooks/deliveries.sql.ts'
import type { CircuitRow } from '../nextcloud/circuit.sql.ts'
import type { PasswordReset, PublicFacts, ServerState } from '../nextcloud/examine.ts'
import type { Account, Encryption, PasswordPolicy, SetupChecks } from '../nextcloud/examine-admin.ts'
import type { ExApp } from '../nextcloud/examine-ex-app.ts'
import type { TwoFactorEnforcement } from '../nextcloud/instance.ts'
import type { Probe } from '../revocation/driver.ts'
import type { Asked } from './asked.ts'
import type { AuditFacts } from './audit.sql.ts'

export type DatabaseFacts = {
  /** Migrations of this Locksmith that the database does not have. */
  missing: string[]
  /** Migrations that the database has and this Locksmith does not know. */
  unknown: string[]
  /** How much later it is there than here, beyond what the way there can explain. Milliseconds. */
  aheadMs: number
  /** undefined: it lacks the tables. */
  audit?: AuditFacts & {
    /** Why nothing is sealed. undefined: nothing stands against it. */
    broken: string | undefined
  }
}

export type AdminFacts = {
  user: string
  /** Where its password is set. */
  variable: 'NEXTCLOUD_ADMIN_PASSWORD' | 'NEXTCLOUD_MORE_ADMINS'
  /** It has the form of an app password. */
  looksLikeAppPassword: boolean
  account: Asked<Account>
  confirmed: Asked<boolean>
}

/** Of the credentials of an ExApp that are configured. */
export type ExAppFacts = {
  /** undefined: not registered at Nextcloud. */
  registered: ExApp | undefined
  taken: Asked<boolean>
}

/** Of one endpoint, or of one stream. @property isLocked no key of ours opens its secret */
export type WebhookFacts = Pick<
  EndpointHealth,
  'id' | 'form' | 'origin' | 'failingSince' | 'disabledBecause'
> & {
  isLocked: boolean
}

/** Everything that was asked, each once. The checks judge it and ask nothing. */
export type Facts = {
  config: Config
  /** How Locksmith reaches Nextcloud, and how people do. */
  url: URL
  publicUrl: URL
  simulated: boolean
  database: Asked<DatabaseFacts>
  circuit: Asked<CircuitRow | undefined>
  server: Asked<ServerState>
  publicFacts: Asked<PublicFacts>
  passwordReset: Asked<PasswordReset>
  admins: AdminFacts[]
  protectedList: Asked<ProtectedList>
  apps: Asked<string[]>
  setupChecks: Asked<SetupChecks>
  remoteAddress: Asked<string | undefined>
  ratesLifted: Asked<boolean>
  policy: Asked<PasswordPolicy | undefined>
  enforcement: Asked<TwoFactorEnforcement>
  encryption: Asked<Encryption>
  exApp: Asked<ExAppFacts>
  smtp: Asked<void>
  bounces: Asked<void>
  /** Whether people find us at PUBLIC_URL. */
  confirmPage: Asked<boolean>
  webhooks: Asked<WebhookFacts[]>
  /** Whether there is a key to encrypt secrets with. */
  canKeepSecrets: boolean
  /** Whether there is a key to sign security events with, and an address to sign in the name of. */
  canSign: boolean
  drivers: { name: string; probe: Asked<Probe> }[]
  /** The addresses of this machine, and those by which Nextcloud is reached. */
  ownAddresses: string[]
  nextcloudAddresses: Asked<string[]>
}
