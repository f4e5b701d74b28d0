import type { AuditKeys } from '../audit/keys.ts'
import { sayMailbox, verifyMailbox } from '../bounces/read.ts'
import type { Config } from '../config.ts'
import { isConfirmPageAt } from '../confirm-page.ts'
import type { Pool } from '../db/pool.ts'
import { DomainError } from '../errors.ts'
import type { Vault } from '../integrations/vault.ts'
import { findOpenCircuit } from '../nextcloud/circuit.sql.ts'
import type { Nextcloud } from '../nextcloud/client.ts'
import { NextcloudError } from '../nextcloud/errors.ts'
import type { RevocationDriver } from '../revocation/driver.ts'
import { type Asked, answered, ask, skipped } from './asked.ts'
import type { Facts } from './facts.ts'
import { askAdmins, askAsAdmin } from './gather-admin.ts'
import { addressesOf, examineDatabase, examineWebhooks, ownAddresses, sayDatabase } from './gather-own.ts'

/** What is examined. */
export type Subject = {
  config: Config
  simulated: boolean
  pool: Pool
  auditKeys: AuditKeys
  nextcloud: Nextcloud
  /** Connects and logs in to the mail server, and sends nothing. undefined: none is set. */
  verifySmtp: (() => Promise<void>) | undefined
  /** Connects and logs in to the mailbox of bounces, and reads nothing. undefined: none is set. */
  verifyBounces: ((signal: AbortSignal) => Promise<void>) | undefined
  drivers: Pick<RevocationDriver, 'name' | 'probe'>[]
  /** Opens the secrets of webhooks. undefined: no key is set. */
  vault: Vault | undefined
  /** Whether security events can be signed. */
  canSign: boolean
}

/** However Nextcloud hangs: a person waits for this. */
const patienceMs = 26_000

/** Asks everything once: in parallel what can be, and of Nextcloud no more than it can answer now. */
export async function gather(subject: Subject): Promise<Facts> {
  const { config, pool, auditKeys, nextcloud, simulated } = subject
  const ends = performance.now() + patienceMs
  const within: Within = (ms, work) => ask(Math.min(ms, ends - performance.now()), work, sayNextcloud)
  const { examine, url, publicUrl } = nextcloud

  const own = {
    smtp: verify(subject),
    bounces: verifyMailboxOf(subject),
    confirmPage: lookForPage(config),
    drivers: Promise.all(
      subject.drivers.map(async ({ name, probe }) => ({ name, probe: await within(10_000, probe) }))
    ),
    nextcloudAddresses: ask(
      3_000,
      () => addressesOf(url),
      () => 'its name has no address.'
    )
  }
  const [database, server] = await Promise.all([
    ask(6_000, () => examineDatabase(pool, auditKeys, config.audit.checkpoints.file), sayDatabase),
    within(6_000, examine.serverState)
  ])
  const webhooks =
    database.kind === 'answered'
      ? ask(5_000, () => examineWebhooks(pool, subject.vault), sayDatabase)
      : skipped('Our database does not answer: see database.')
  const away = whyNotAsk(server)
  const anonymous = {
    publicFacts: away ?? within(8_000, examine.publicFacts),
    passwordReset: away ?? within(8_000, examine.passwordReset)
  }
  const circuit = await askCircuit(subject, database, away)
  // Without the database nobody knows whether the credential was refused before: then it is not sent.
  const barred = away ?? whyNoCredentials(database, circuit)
  const admins = await askAdmins(nextcloud, within, barred)
  const asAdmin = await askAsAdmin(subject, within, admins, barred)
  return {
    config,
    url,
    publicUrl,
    simulated,
    database,
    circuit,
    server,
    publicFacts: await anonymous.publicFacts,
    passwordReset: await anonymous.passwordReset,
    ...asAdmin,
    smtp: await own.smtp,
    bounces: await own.bounces,
    confirmPage: await own.confirmPage,
    webhooks: await webhooks,
    canKeepSecrets: subject.vault !== undefined,
    canSign: subject.canSign,
    drivers: await own.drivers,
    ownAddresses: ownAddresses(),
    nextcloudAddresses: await own.nextcloudAddresses
  }
}

export type Within = <T>(ms: number, work: (signal: AbortSignal) => Promise<T>) => Promise<Asked<T>>

/** A sentence of ours, or none of it: what others throw may hold addresses and credentials. */
export const sayNextcloud = (error: unknown): string =>
  error instanceof NextcloudError || error instanceof DomainError ? error.message : 'No answer in time.'

function whyNotAsk(server: Facts['server']): Asked<never> | undefined {
  if (server.kind !== 'answered') return skipped('Nextcloud does not answer: see nextcloud.')
  if (server.value.maintenance) return skipped('Nextcloud is in maintenance mode.')
  return server.value.needsDbUpgrade ? skipped('Nextcloud waits for its upgrade.') : undefined
}

function whyNoCredentials(database: Facts['database'], circuit: Facts['circuit']): Asked<never> | undefined {
  if (database.kind !== 'answered' || circuit.kind === 'failed')
    return skipped('Our database does not tell whether the account was refused before: see database.')
  if (circuit.kind === 'answered' && circuit.value)
    return skipped('Locksmith leaves Nextcloud alone for now: see circuit.')
  return undefined
}

/** One that is open is tried, as any process of ours would, where that is due. */
async function askCircuit(
  { pool, nextcloud }: Subject,
  database: Facts['database'],
  away: Asked<never> | undefined
): Promise<Facts['circuit']> {
  if (database.kind !== 'answered') return skipped('Our database does not answer: see database.')
  const look = () => findOpenCircuit(pool)
  const open = await ask(5_000, look, sayDatabase)
  if (open.kind !== 'answered' || !open.value || away) return open
  const tried = await ask(5_000, nextcloud.probeIfDue, sayDatabase)
  return tried.kind === 'answered' && tried.value ? answered(undefined) : ask(5_000, look, sayDatabase)
}

async function verify({ verifySmtp }: Subject): Promise<Asked<void>> {
  if (!verifySmtp) return skipped('SMTP_URL is not set: Locksmith sends no mail of its own.')
  return ask(8_000, verifySmtp, (error) => {
    const { code, responseCode } = (error ?? {}) as { code?: unknown; responseCode?: unknown }
    return [code, responseCode].filter((part) => part !== undefined).join(' ') || 'no answer in time'
  })
}

async function verifyMailboxOf({ verifyBounces }: Subject): Promise<Asked<void>> {
  if (!verifyBounces) return skipped('BOUNCE_IMAP_URL is not set: mails that come back are not noticed.')
  return ask(8_000, verifyBounces, sayMailbox)
}

async function lookForPage({ publicOrigin }: Config): Promise<Asked<boolean>> {
  if (publicOrigin === undefined) return skipped('PUBLIC_URL is not set: no campaign can ask anybody.')
  return ask(
    8_000,
    (signal) => isConfirmPageAt(publicOrigin, signal),
    () => 'it does not answer in time.'
  )
}

/** For {@link Subject.verifyBounces}. */
export const verifyBouncesOf = ({ bounces }: Config): Subject['verifyBounces'] =>
  bounces && ((signal) => verifyMailbox({ mailbox: bounces.mailbox, signal }))
