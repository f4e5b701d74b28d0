import { randomBytes } from 'node:crypto'
import type { AuditKeys } from '../audit/keys.ts'
import { type Config, ConfigError } from '../config.ts'
import type { WorldOptions } from '../world.ts'
import { auditKeysOf } from './audit-keys.ts'
import { outwardOf } from './outward.ts'
import { addressOf, announceSandbox, type SandboxAddress } from './running-sandbox.ts'
import { stateFolderOf } from './state-folder.ts'

/** Where Locksmith works: the real thing, or what stands in for it on a bare machine. */
export type Surroundings = {
  config: Config
  databaseUrl: string
  migrationDatabaseUrl: string
  nextcloud: NonNullable<Config['nextcloud']>
  auditKeys: AuditKeys
  smtp?: { url: string; from: string }
  /** The key that the banner shows, made at each start where none is configured. */
  firstKey: string | undefined
  sandbox?: { url: string }
  /** For webhooks, where the environment does not say. */
  outward: NonNullable<WorldOptions['outward']>
  embedded: boolean
  stop(): Promise<void>
}

/**
 * Starts what the environment does not give: an embedded PostgreSQL, the sandbox. Never in production:
 * a service that quietly works on a toy would be worse than one that does not start.
 */
export async function findSurroundings(config: Config): Promise<Surroundings> {
  if (process.env.NODE_ENV === 'production') assertComplete(config)
  const auditKeys = auditKeysOf(config)
  const stops: (() => Promise<void>)[] = []
  const stop = async () => {
    for (const each of stops.reverse()) await each()
  }
  try {
    // The sandbox forgets everything when it ends: operations on a former one would mean nothing to it.
    const databaseUrl =
      config.DATABASE_URL ?? (await startDatabase(stops, config, { fresh: !config.nextcloud }))
    const sandbox = config.nextcloud ? undefined : await startSandbox(stops)
    if (sandbox) announceSandbox(config, sandbox.url)
    const nextcloud = config.nextcloud ?? sandbox!.nextcloud
    const smtp = smtpOf(config, sandbox?.smtpUrl)
    return {
      config,
      databaseUrl,
      migrationDatabaseUrl: config.MIGRATION_DATABASE_URL ?? databaseUrl,
      nextcloud,
      auditKeys,
      ...(smtp && { smtp }),
      firstKey: config.LOCKSMITH_API_KEY ?? (sandbox && `sandbox-${randomBytes(16).toString('hex')}`),
      ...(sandbox && { sandbox: { url: sandbox.url } }),
      outward: outwardOf(config),
      embedded: config.DATABASE_URL === undefined,
      stop
    }
  } catch (error) {
    await stop()
    throw error
  }
}

export function assertComplete(config: Config) {
  const missing = [!config.DATABASE_URL && 'DATABASE_URL', !config.nextcloud && 'NEXTCLOUD_URL'].filter(
    Boolean
  )
  if (missing.length > 0) {
    throw new ConfigError(
      missing.map((name) => `${name} is missing: in production (NODE_ENV) nothing is simulated.`).join('\n')
    )
  }
}

export function smtpOf(config: Config, sandboxSmtpUrl: string | undefined) {
  const url = config.SMTP_URL ?? sandboxSmtpUrl
  return url === undefined
    ? undefined
    : { url, from: config.MAIL_FROM ?? 'Locksmith <locksmith@sandbox.example>' }
}

/** Joins or starts the embedded PostgreSQL of this checkout. */
export async function startDatabase(
  stops: (() => Promise<void>)[],
  config: Config,
  { fresh }: { fresh: boolean }
): Promise<string> {
  const folder = stateFolderOf(config)
  // What is done in the sandbox stays apart from what is done on a real Nextcloud.
  const database = config.nextcloud ? 'locksmith' : 'locksmith_sandbox'
  const { startEmbeddedPostgres } = await import('../db/embedded.ts')
  const postgres = await startEmbeddedPostgres(folder)
  stops.push(postgres.stop)
  const used = (await postgres.users(database)) > 0
  if (fresh && used) {
    throw new ConfigError(
      `Another sandbox of this checkout is running, and a second one would empty its database: stop it, or set STATE_FOLDER or DATABASE_URL.`
    )
  }
  // Emptied at the next start: a key made for it now would open nothing.
  if (!fresh && !config.nextcloud && !used) {
    throw new ConfigError(
      'Nothing is running here, and the sandbox forgets everything when it starts: start it first (npm start), or set DATABASE_URL or NEXTCLOUD_URL.'
    )
  }
  return postgres.database(database, { fresh })
}

/** A simulated Nextcloud of our own, which ends with us. */
export async function startSandbox(stops: (() => Promise<void>)[]): Promise<SandboxAddress> {
  const { spawnSandbox } = await import('./spawn-sandbox.ts')
  const sandbox = await spawnSandbox()
  stops.push(sandbox.stop)
  return addressOf(sandbox)
}
