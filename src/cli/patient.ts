import { type Config, ConfigError } from '../config.ts'
import { migrate } from '../db/migrate.ts'
import { findMigrations } from '../db/migration.sql.ts'
import { createPool, type Pool } from '../db/pool.ts'
import { type Subject, verifyBouncesOf } from '../doctor/gather.ts'
import { createVault } from '../integrations/vault.ts'
import { createMailer } from '../mail/smtp.ts'
import { createNextcloud } from '../nextcloud/client.ts'
import { createDrivers } from '../revocation/drivers.ts'
import { auditKeysOf } from './audit-keys.ts'
import { outwardOf } from './outward.ts'
import { findRunningSandbox } from './running-sandbox.ts'
import { assertComplete, smtpOf, startDatabase, startSandbox } from './surroundings.ts'

type Stops = (() => Promise<void>)[]

/** What `locksmith host doctor` examines: the same database and Nextcloud as `serve` has, whether that runs or not. */
export async function findPatient(config: Config, stops: Stops): Promise<Subject> {
  if (process.env.NODE_ENV === 'production') assertComplete(config)
  const sandbox = config.nextcloud ? undefined : await findRunningSandbox(config)
  // A sandbox of its own begins with nothing, as that of `serve` does.
  const fresh = !config.nextcloud && !sandbox
  const databaseUrl = config.DATABASE_URL ?? (await startDatabase(stops, config, { fresh }))
  const target = config.nextcloud
    ? { nextcloud: config.nextcloud, smtpUrl: undefined }
    : (sandbox ?? (await startSandbox(stops)))
  // A credential that is refused is written down, and the audit has it.
  const auditKeys = auditKeysOf(config)
  const pool = createPool(databaseUrl, 4, auditKeys.marks[0])
  stops.push(() => pool.end())
  await setUpIfEmpty(pool, config.MIGRATION_DATABASE_URL ?? databaseUrl)
  const nextcloud = createNextcloud({
    ...target.nextcloud,
    ...(config.appApi && { appApi: config.appApi }),
    timeoutMs: config.NEXTCLOUD_TIMEOUT_SECONDS * 1_000,
    databaseUrl,
    pool,
    circuit: { failuresToOpen: 3, firstProbeSeconds: config.RETRY_FIRST_SECONDS, mostProbeSeconds: 30 },
    log: { onRefused() {}, onAway() {}, onBack() {} }
  })
  stops.push(() => nextcloud.close())
  const { occ, nextcloudDatabase } = config
  const drivers = createDrivers({
    ...(occ && { occ }),
    ...(nextcloudDatabase && { nextcloudDatabase }),
    appApi: () => nextcloud.appApiState()
  })
  stops.push(() => drivers.close())
  const smtp = smtpOf(config, target.smtpUrl)
  const mailer =
    smtp && createMailer({ smtpUrl: smtp.url, from: smtp.from, nextcloudUrl: target.nextcloud.publicUrl })
  if (mailer) stops.push(async () => mailer.close())
  const outward = outwardOf(config)
  return {
    config,
    simulated: !config.nextcloud,
    vault: createVault(outward.vaultKeys ?? config.vaultKeys),
    // As `serve`: in the sandbox it signs in the name of where it listens.
    canSign:
      (outward.signingKeys ?? config.signingKeys).length > 0 &&
      (config.publicOrigin !== undefined || !config.nextcloud),
    pool,
    auditKeys,
    nextcloud,
    verifySmtp: mailer?.verify,
    verifyBounces: verifyBouncesOf(config),
    drivers: [drivers.session(nextcloud), ...drivers.direct]
  }
}

/**
 * Before the first start there are no tables, and without them nobody knows what was refused. One that has tables is
 * left as it is: another version of Locksmith may work on it.
 */
async function setUpIfEmpty(pool: Pool, url: string): Promise<void> {
  try {
    if ((await findMigrations(pool)) === undefined) await migrate(url)
  } catch (error) {
    if (error instanceof ConfigError) throw error
    // What is wrong with it is a finding.
  }
}
