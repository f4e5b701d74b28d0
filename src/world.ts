import type { KeyObject } from 'node:crypto'
import { EventEmitter, once } from 'node:events'
import { type DestinationStream, destination, type Logger, pino } from 'pino'
import type { AuditKeys } from './audit/keys.ts'
import type { Config } from './config.ts'
import { createPool, type Pool } from './db/pool.ts'
import { createProtection, type Protection } from './guard/protected.ts'
import type { Dialling } from './integrations/outbound/dial.ts'
import { createOutbound, type Outbound } from './integrations/outbound/post.ts'
import { createSignals, type Signals } from './integrations/signals/verify.ts'
import { createTransmitter, type Transmitter } from './integrations/ssf/transmitter.ts'
import { createVault, type Vault } from './integrations/vault.ts'
import { type Jobs, startJobs } from './jobs/jobs.ts'
import { announcePresence, type Presence } from './jobs/presence.ts'
import { createMailer, type Mailer } from './mail/smtp.ts'
import { createMetrics, type Metrics } from './metrics.ts'
import { createNextcloud, type Nextcloud } from './nextcloud/client.ts'
import type { TransportOptions } from './nextcloud/transport.ts'
import type { Operation } from './operations/operation.ts'
import { advanceQueue } from './operations/queue.ts'
import type { Drivers } from './revocation/choose.ts'
import { createDrivers } from './revocation/drivers.ts'
import { createOwnLogins, type OwnLogins } from './revocation/own-logins.ts'
import { off, type Tracing } from './tracing/tracing.ts'
import { underway } from './underway.ts'

/** Everything that Locksmith works with, built once and passed by hand. */
export type World = {
  config: Config
  log: Logger
  pool: Pool
  /** What the audit is signed with. */
  auditKeys: AuditKeys
  jobs: Jobs
  presence: Presence
  nextcloud: Nextcloud
  /** Whom nothing is ever done to. */
  protection: Protection
  /** How sessions and app passwords end. */
  drivers: Drivers
  mailer: Mailer | undefined
  ownLogins: OwnLogins
  /** By whom what is signed is taken. */
  signals: Signals
  /** How targets that callers choose are called. */
  outbound: Outbound
  /** For secrets that are given out again; undefined: no key is set. */
  vault: Vault | undefined
  /** Who signs security events; undefined: there is no key, or no address to sign in the name of. */
  transmitter: Transmitter | undefined
  metrics: Metrics
  tracing: Tracing
  /** How long a step is tried; `settleMs`: how long a call may go on at Nextcloud that we have given up. */
  patience: { firstMs: number; maxMs: number; giveUpAfterMs: number; settleMs: number }
  /** Where people reach Nextcloud. */
  siteUrl: URL
  /** Where people reach the pages that mails link to, without a slash at its end; undefined: nowhere. */
  confirmOrigin: string | undefined
  /** How often campaigns look for what is due, and after the confirm page; and for how long that may not have been seen. */
  campaigns: { everyMs: number; checkMs: number; toleranceSeconds: number }
  /** `finished` with the id of an operation that ended in this process. */
  finished: EventEmitter<{ finished: [operationId: string] }>
  /** An operation began to wait: its time may come before the next sweep. */
  paused(): void
  /** Resolves after so long at most, sooner if an operation begins to wait. */
  pausedWithin(ms: number, signal: AbortSignal): Promise<void>
  /** Begins the shutdown: running steps end and no new one begins, requests that wait are answered. */
  drain(): Promise<void>
  draining(): boolean
  /** For crash tests: called around each step, before the call (of one that may be done once: twice), after the effect, after the record. */
  checkpoint?: (point: Checkpoint, step: string, operation: Operation) => Promise<void>
  /** Ends everything in order; running steps get up to 15 s. */
  close(): Promise<void>
}

export const checkpoints = ['intended', 'begun', 'effect', 'recorded'] as const
export type Checkpoint = (typeof checkpoints)[number]

export type WorldOptions = {
  config: Config
  databaseUrl: string
  nextcloud: NonNullable<Config['nextcloud']>
  auditKeys: AuditKeys
  smtp?: { url: string; from: string }
  log: Logger
  checkpoint?: World['checkpoint']
  /** For tests; see {@link World.patience}. Default 5 s. */
  settleMs?: number
  /** Stands in for PUBLIC_URL where that is not set: in the sandbox. */
  confirmOrigin?: string | undefined
  /** For tests with a fast clock; see {@link World.campaigns}. Default: every second, every minute, for five. */
  campaigns?: World['campaigns']
  /** What stands in for OUTBOUND_ALLOW and the keys in the sandbox, and for resolver and sockets in tests. */
  outward?: Partial<Dialling> & { vaultKeys?: Buffer[]; signingKeys?: KeyObject[] }
  /** Other ways to revoke than a log-in. Default: as the configuration says. */
  ways?: Pick<Config, 'occ' | 'nextcloudDatabase' | 'appApi'>
}

/** Connects to the database (already migrated) and Nextcloud; nothing is asked of Nextcloud yet. */
export async function createWorld({
  config,
  databaseUrl,
  nextcloud: target,
  auditKeys,
  smtp,
  log,
  checkpoint,
  settleMs = 5_000,
  confirmOrigin,
  campaigns = { everyMs: 1_000, checkMs: 60_000, toleranceSeconds: 300 },
  outward = {},
  ways = config
}: WorldOptions): Promise<World> {
  let draining = false
  const metrics = createMetrics()
  const tracing = config.tracing ? (await import('./tracing/otlp.ts')).startTracing(config.tracing, log) : off
  const pool = createPool(databaseUrl, config.WORKERS + 8, auditKeys.marks[0])
  const nextcloud = createNextcloud({
    ...target,
    ...(ways.appApi && { appApi: ways.appApi }),
    timeoutMs: config.NEXTCLOUD_TIMEOUT_SECONDS * 1_000,
    databaseUrl,
    pool,
    observe: metrics.nextcloudCall,
    around: aroundCalls(tracing, target.url),
    circuit: {
      failuresToOpen: 3,
      firstProbeSeconds: config.RETRY_FIRST_SECONDS,
      mostProbeSeconds: Math.min(30, config.RETRY_MAX_SECONDS)
    },
    log: {
      onRefused: (account) =>
        log.error(
          { account },
          'Nextcloud refuses this account of Locksmith: what needs it waits until its password changes'
        ),
      onAway: (detail) => log.error({ detail }, 'Nextcloud is away: operations wait until it is back'),
      onBack: () => log.info('Nextcloud is back: operations go on')
    }
  })
  const drivers = createDrivers({
    ...(ways.occ && { occ: ways.occ }),
    ...(ways.nextcloudDatabase && { nextcloudDatabase: ways.nextcloudDatabase }),
    appApi: () => nextcloud.appApiState()
  })
  const mailer =
    smtp &&
    createMailer({
      smtpUrl: smtp.url,
      from: smtp.from,
      nextcloudUrl: target.publicUrl,
      observe: metrics.mail
    })
  const { vaultKeys = config.vaultKeys, signingKeys = config.signingKeys, ...dialling } = outward
  const outbound = createOutbound({ allow: config.outboundAllow, ...dialling })
  const presence = await announcePresence(databaseUrl, () =>
    log.warn('the connection that says we are alive broke: others may take over what runs here')
  )
  const jobs = await startJobs(databaseUrl, [advanceQueue], (error) => log.warn({ err: error }, 'jobs'))
  const finished: World['finished'] = new EventEmitter()
  finished.setMaxListeners(0) // one for each request that waits
  const paused = new EventEmitter()
  return {
    config,
    log,
    pool,
    auditKeys,
    jobs,
    presence,
    nextcloud,
    protection: createProtection(nextcloud, config.protect),
    drivers,
    mailer,
    ownLogins: createOwnLogins(pool),
    signals: createSignals(config.signalIssuers, config.publicOrigin ?? confirmOrigin),
    outbound,
    vault: createVault(vaultKeys),
    transmitter: await createTransmitter(
      config.publicOrigin ?? confirmOrigin,
      signingKeys,
      config.SSF_SUBJECT
    ),
    metrics,
    tracing,
    patience: {
      firstMs: config.RETRY_FIRST_SECONDS * 1_000,
      maxMs: config.RETRY_MAX_SECONDS * 1_000,
      giveUpAfterMs: config.RETRY_GIVE_UP_HOURS * 3_600_000,
      settleMs
    },
    siteUrl: target.publicUrl,
    confirmOrigin: config.publicOrigin ?? confirmOrigin,
    campaigns,
    finished,
    paused: () => paused.emit('paused'),
    async pausedWithin(ms, signal) {
      const over = AbortSignal.any([AbortSignal.timeout(ms), signal])
      await once(paused, 'paused', { signal: over }).catch(() => {})
    },
    drain() {
      draining = true
      return jobs.drain()
    },
    draining: () => draining,
    ...(checkpoint && { checkpoint }),
    async close() {
      draining = true
      await jobs.stop()
      await presence.stop()
      mailer?.close()
      await outbound.close()
      await drivers.close()
      await nextcloud.close()
      await pool.end()
      await tracing.stop()
    }
  }
}

/** Calls that are made for a request or a step are spans; by their names, since paths hold ids of users. */
function aroundCalls(tracing: Tracing, { hostname, protocol, port }: URL): TransportOptions['around'] {
  const server = {
    'server.address': hostname,
    'server.port': Number(port) || (protocol === 'https:' ? 443 : 80)
  }
  return ({ method, name }, send) =>
    tracing.within(
      { name: `${method} ${name}`, kind: 'client', attributes: { 'http.request.method': method, ...server } },
      send
    )
}

/**
 * JSON lines, each with the ids of the request and the operation that it is about. Whatever could hold a credential is
 * cut out whatever its value. @param to default: standard output
 */
export function createLog(level: string, to: DestinationStream = destination(1)): Logger {
  const options = {
    level,
    mixin: idsBeside,
    redact: {
      paths: [
        'req.headers.authorization',
        'req.headers.cookie',
        'headers.authorization',
        '*.password',
        '*.authorization'
      ],
      censor: '[redacted]'
    }
  }
  return pino(options, to)
}

/** What is under way, without what the logger says of itself: no member stands in a line twice. */
function idsBeside(_line: object, _level: number, logger: Logger): object {
  const at = underway.getStore()
  if (!at) return {}
  const { span, ...others } = at
  const ids = { ...others, ...(span && { trace_id: span.spanContext().traceId }) }
  const said = logger.bindings()
  return Object.fromEntries(Object.entries(ids).filter(([name]) => !(name in said)))
}
