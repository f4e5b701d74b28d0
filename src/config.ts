import type { KeyObject } from 'node:crypto'
import { readFileSync } from 'node:fs'
import Type, { type Static } from 'typebox'
import { Value } from 'typebox/value'
import { type Issuer, readIssuers } from './access/issuers.ts'
import { parseNetwork } from './access/network.ts'
import { type AuditKeys, readAuditKeys } from './audit/keys.ts'
import { type AuditSettings, readAuditSettings } from './audit/settings.ts'
import { type Mailbox, parseMailbox } from './bounces/mailbox.ts'
import { duration } from './http/forms.ts'
import { type AllowList, parseAllowList } from './integrations/outbound/allow-list.ts'
import { readSignalIssuers, type SignalIssuer } from './integrations/signals/issuers.ts'
import { subjectFormats } from './integrations/ssf/claims.ts'
import { readSigningKeys } from './integrations/ssf/keys.ts'
import { parseKeys } from './integrations/vault.ts'
import { readTracing, samplers, type TracingSettings } from './tracing/settings.ts'

const text = (description: string) => Type.Optional(Type.String({ minLength: 1, description }))
const webOrigin = (description: string) => text(description)

/** Every variable that Locksmith reads, by its name in the environment. `docs/CONFIGURATION.md` lists them for people. */
export const environment = Type.Object({
  NEXTCLOUD_URL: webOrigin('how Locksmith reaches Nextcloud; unset: the sandbox'),
  NEXTCLOUD_PUBLIC_URL: webOrigin('how people reach it (links in mails); default: NEXTCLOUD_URL'),
  NEXTCLOUD_ADMIN_USER: text('an account in the group admin'),
  NEXTCLOUD_ADMIN_PASSWORD: text('its password or, up to Nextcloud 33, an app password'),
  NEXTCLOUD_MORE_ADMINS: text('further admin accounts, one `user:password` a line'),
  NEXTCLOUD_TIMEOUT_SECONDS: Type.Number({
    default: 30,
    minimum: 1,
    maximum: 40, // a reset mail gets three times that, and a limit is counted for as long: see limits.sql.ts
    description: 'how long a call to Nextcloud may take'
  }),
  APPAPI_ID: text('an ExApp of Nextcloud, by which our log-in passes the second factor of a user'),
  APPAPI_VERSION: text('its version, as registered'),
  APPAPI_SECRET: text('its secret'),
  OCC_COMMAND: text('how to run occ, without a shell: words, or a JSON list of them'),
  OCC_TIMEOUT_SECONDS: Type.Number({
    default: 30,
    minimum: 1,
    maximum: 300,
    description: 'how long one run of occ may take'
  }),
  NEXTCLOUD_DATABASE_URL: text('the database of Nextcloud: postgres://… or mysql://…'),
  NEXTCLOUD_TABLE_PREFIX: Type.String({
    default: 'oc_',
    pattern: '^[A-Za-z0-9_]{0,40}$',
    description: '`dbtableprefix` of Nextcloud'
  }),
  PROTECTED_USERS: text('ids of users whom Locksmith never touches; commas or lines between them'),
  PROTECTED_GROUPS: text('ids of groups whose members Locksmith never touches'),
  PROTECT_ADMINS: Type.Boolean({
    default: true,
    description: 'whether the members of the group admin are protected'
  }),
  DATABASE_URL: text('PostgreSQL of Locksmith; unset: an embedded one'),
  STATE_FOLDER: text('where the embedded PostgreSQL keeps its files; default: .locksmith in the checkout'),
  MIGRATION_DATABASE_URL: text('the same database as the role that owns the schema; default: DATABASE_URL'),
  AUDIT_SIGNING_KEY: text('what the audit log is signed with; `locksmith host audit key` makes one'),
  AUDIT_CHECKPOINT_FILE: text('a file outside the database that always has the last checkpoint'),
  AUDIT_CHECKPOINT_URL: text('where each checkpoint is sent to by POST'),
  AUDIT_CHECKPOINT_AUTHORIZATION: text('the Authorization header for that'),
  AUDIT_CHECKPOINT_SECONDS: Type.Integer({
    default: 60,
    minimum: 1,
    maximum: 60,
    description: 'how often a checkpoint leaves the house'
  }),
  AUDIT_FORWARD_URL: text('where events go: syslog+tls://host:6514, syslog+tcp://host:514 or https://…'),
  AUDIT_FORWARD_AUTHORIZATION: text('the Authorization header for an https one'),
  LOCKSMITH_API_KEY: Type.Optional(
    Type.String({ minLength: 24, description: 'a first key with every scope' })
  ),
  HOST: Type.String({ default: '127.0.0.1' }),
  PORT: Type.Integer({ default: 3000, minimum: 0, maximum: 65535 }),
  PUBLIC_URL: webOrigin('how callers reach Locksmith, and people its confirm page; default: links are paths'),
  TRUST_PROXY: text('addresses or networks of proxies whose X-Forwarded-For is believed, by commas'),
  CORS_ORIGINS: text('origins of web pages that may call, by commas'),
  RATE_LIMIT_PER_MINUTE: Type.Integer({
    default: 600,
    minimum: 1,
    description: 'requests of one key, in each process'
  }),
  RATE_LIMIT_FAILED_LOGINS_PER_MINUTE: Type.Integer({
    default: 30,
    minimum: 1,
    description: 'refused credentials from one address, in each process'
  }),
  OIDC_ISSUERS: text('identity providers whose access tokens are taken: a JSON list'),
  CONSOLE: Type.Boolean({ default: true, description: 'whether there is a web console at /console' }),
  SIGNAL_ISSUERS: text('who may have users signed out by what it signs: a JSON list'),
  SMTP_URL: text('smtp://user:password@host:587 for mail of our own'),
  MAIL_FROM: text('sender of our own mail'),
  BOUNCE_ADDRESS: text('where mails of campaigns come back to'),
  BOUNCE_IMAP_URL: text('its mailbox: imaps://user:password@host:993/INBOX'),
  WEBHOOK_ENCRYPTION_KEY: text(
    'keys of 32 bytes in base64, one a line: the first encrypts secrets of webhooks, all decrypt'
  ),
  SSF_SIGNING_KEY: text(
    'RSA private keys in PEM, one after another: the first signs security events, all are published'
  ),
  SSF_SUBJECT: Type.Enum([...subjectFormats], {
    default: 'email',
    description: 'how security events name a person: by mail address, or by user id'
  }),
  OUTBOUND_ALLOW: text(
    'internal targets of webhooks and streams: origins, hosts, networks; commas or lines between them'
  ),
  MAIL_VIA: Type.Enum(['nextcloud', 'smtp', 'none'], {
    default: 'nextcloud',
    description: 'who mails after a reset unless the request says'
  }),
  WORKERS: Type.Integer({
    default: 8,
    minimum: 1,
    maximum: 100,
    description: 'operations at once in one process'
  }),
  RETRY_FIRST_SECONDS: Type.Number({
    default: 5,
    minimum: 0.1,
    description: 'first pause before a step is tried again'
  }),
  RETRY_MAX_SECONDS: Type.Number({ default: 300, minimum: 0.1, description: 'longest pause' }),
  RETRY_GIVE_UP_HOURS: Type.Number({ default: 24, minimum: 0, description: 'after that: needs-attention' }),
  BRAKE_LOCK_OUTS: Type.Integer({
    default: 25,
    minimum: 0,
    description: 'users that may be locked out in 24 hours without an approval'
  }),
  BRAKE_PERCENT: Type.Number({
    default: 5,
    minimum: 0,
    maximum: 100,
    description: 'or so many percent of all enabled users, where that is more'
  }),
  BRAKE_WIPES: Type.Integer({
    default: 1,
    minimum: 0,
    description: 'users whose devices may be wiped, likewise'
  }),
  BRAKE_DELETIONS: Type.Integer({
    default: 1,
    minimum: 0,
    description: 'users that may be deleted, likewise'
  }),
  SCIM_DELETE_AFTER: Type.String({
    default: 'P30D',
    description: 'how long after a SCIM DELETE the account is deleted: an ISO 8601 duration'
  }),
  APPROVAL_HOURS: Type.Integer({
    default: 72,
    minimum: 1,
    maximum: 720,
    description: 'how long an approval is waited for'
  }),
  KEEP_OPERATIONS_DAYS: Type.Integer({
    default: 400,
    minimum: 1,
    description: 'how long operations that are over are kept; the audit is kept for ever'
  }),
  KEEP_CAMPAIGNS_DAYS: Type.Integer({
    default: 1_100,
    minimum: 1,
    description: 'how long rounds of campaigns that are over are kept, with whom they asked'
  }),
  KEEP_IDEMPOTENCY_KEYS_DAYS: Type.Integer({
    default: 7,
    minimum: 1,
    maximum: 365,
    description: 'how long the answer to an Idempotency-Key is kept'
  }),
  KEEP_WEBHOOK_DELIVERIES_DAYS: Type.Integer({
    default: 30,
    minimum: 1,
    description: 'how long deliveries of webhooks that are over are kept'
  }),
  LOG_LEVEL: Type.Enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], { default: 'info' }),
  OTEL_SDK_DISABLED: Type.Boolean({ default: false, description: 'no traces, whatever else is set' }),
  OTEL_EXPORTER_OTLP_ENDPOINT: text('where traces go, by OTLP over HTTP; unset: there are none'),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: text('the same, taken as it is'),
  OTEL_EXPORTER_OTLP_HEADERS: text('headers for that: name=value, by commas'),
  OTEL_SERVICE_NAME: Type.String({ default: 'locksmith', minLength: 1 }),
  OTEL_RESOURCE_ATTRIBUTES: text('attributes of all spans: name=value, by commas'),
  OTEL_TRACES_SAMPLER: Type.Enum([...samplers], {
    default: 'parentbased_always_on',
    description: 'of which traces is told'
  }),
  OTEL_TRACES_SAMPLER_ARG: Type.Number({
    default: 1,
    minimum: 0,
    maximum: 1,
    description: 'the share, where it goes by a ratio'
  })
})

const secrets = [
  'NEXTCLOUD_ADMIN_PASSWORD',
  'NEXTCLOUD_MORE_ADMINS',
  'APPAPI_SECRET',
  'NEXTCLOUD_DATABASE_URL',
  'DATABASE_URL',
  'MIGRATION_DATABASE_URL',
  'AUDIT_SIGNING_KEY',
  'AUDIT_CHECKPOINT_URL',
  'AUDIT_CHECKPOINT_AUTHORIZATION',
  'AUDIT_FORWARD_URL',
  'AUDIT_FORWARD_AUTHORIZATION',
  'LOCKSMITH_API_KEY',
  'OIDC_ISSUERS',
  'SMTP_URL',
  'BOUNCE_IMAP_URL',
  'WEBHOOK_ENCRYPTION_KEY',
  'SSF_SIGNING_KEY',
  'OTEL_EXPORTER_OTLP_HEADERS'
] as const

type Environment = Static<typeof environment>

type Account = { user: string; password: string }

/** A program and its first arguments: `['docker', 'exec', '-u', 'www-data', 'nextcloud', 'php', 'occ']`. */
export type OccConfig = { command: string[]; timeoutMs: number }
export type NextcloudDatabaseConfig = { url: string; prefix: string }

export type Config = Readonly<
  Environment & {
    /** Present when Locksmith is to work on a real Nextcloud; absent: the sandbox. */
    nextcloud?: { url: URL; publicUrl: URL; admins: Account[] }
    /** Of an ExApp: our log-in with its credentials passes a second factor. */
    appApi?: { id: string; version: string; secret: string }
    occ?: OccConfig
    nextcloudDatabase?: NextcloudDatabaseConfig
    /** Where mails of campaigns come back to, and the mailbox in which that is read. */
    bounces?: { address: string; mailbox: Mailbox }
    /** What the audit is signed with; absent: a key in the state folder. */
    auditKeys?: AuditKeys
    /** What of it leaves the house. */
    audit: AuditSettings
    /** Where traces go; absent: there are none. */
    tracing?: TracingSettings
    /** Identity providers whose access tokens are taken. */
    issuers: Issuer[]
    /** Whose word is taken that a user is to be signed out. */
    signalIssuers: SignalIssuer[]
    /** Whose `X-Forwarded-For` is believed. */
    proxies: string[]
    /** Whose pages may call. */
    origins: string[]
    /** How callers reach us, without a slash at its end. */
    publicOrigin?: string
    /** The first encrypts, all decrypt. */
    vaultKeys: Buffer[]
    /** The first signs security events, all are published. */
    signingKeys: KeyObject[]
    /** Internal targets that may be called. */
    outboundAllow: AllowList
    /** Whom Locksmith never touches, besides its own accounts. */
    protect: { admins: boolean; users: string[]; groups: string[] }
  }
>

/** What is wrong with the environment, one sentence a line, each naming its variable and never a value. */
export class ConfigError extends Error {}

/**
 * Reads the environment once; the only reader of `process.env`. `NAME_FILE` gives a secret by file.
 * @throws ConfigError naming everything that is missing or malformed
 */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const faults: string[] = []
  const given: Record<string, unknown> = {}
  for (const name of Object.keys(environment.properties)) {
    const value = env[name]?.trim()
    if (value) given[name] = value
  }
  for (const name of secrets) {
    const file = env[`${name}_FILE`]?.trim()
    if (!file) continue
    if (given[name]) faults.push(`${name} and ${name}_FILE are both set: give one of them.`)
    try {
      given[name] = readFileSync(file, 'utf8').trim()
    } catch (error) {
      faults.push(`${name}_FILE cannot be read: ${(error as NodeJS.ErrnoException).code}.`)
    }
  }
  const converted = Value.Convert(environment, Value.Default(environment, given)) as Environment
  for (const { instancePath, message, params } of Value.Errors(environment, converted)) {
    const allowed = 'allowedValues' in params ? `: ${params.allowedValues.join(', ')}` : ''
    faults.push(`${instancePath.slice(1)} ${message}${allowed}.`)
  }
  const nextcloud = readNextcloud(converted, faults)
  const ways = readWays(converted, faults)
  if (converted.SMTP_URL) {
    if (!/^smtps?:\/\//.test(converted.SMTP_URL)) faults.push('SMTP_URL must begin with smtp:// or smtps://.')
    if (!converted.MAIL_FROM && nextcloud)
      faults.push('MAIL_FROM is missing: SMTP_URL needs the sender of our mail.')
  } else if (converted.MAIL_VIA === 'smtp' && nextcloud) {
    faults.push('SMTP_URL is missing: MAIL_VIA=smtp needs a mail server.')
  }
  const bounces = readBounces(converted, faults)
  const callers = readCallers(converted, faults)
  const audit = readAuditSettings(converted, faults)
  const { AUDIT_SIGNING_KEY } = converted
  const auditKeys = AUDIT_SIGNING_KEY === undefined ? undefined : readAuditKeys(AUDIT_SIGNING_KEY)
  if (AUDIT_SIGNING_KEY !== undefined && !auditKeys)
    faults.push(
      'AUDIT_SIGNING_KEY must be a key as `locksmith host audit key` makes it, or several, one a line, all of one name.'
    )
  if (!new RegExp(duration).test(converted.SCIM_DELETE_AFTER))
    faults.push('SCIM_DELETE_AFTER must be an ISO 8601 duration such as P30D or P6M, of a minute or more.')
  const outward = readOutward(converted, faults)
  const tracing = readTracing(converted, faults)
  if (faults.length > 0) throw new ConfigError(faults.join('\n'))
  const protect = {
    admins: converted.PROTECT_ADMINS,
    users: listOf(converted.PROTECTED_USERS),
    groups: listOf(converted.PROTECTED_GROUPS)
  }
  return Object.freeze({
    ...converted,
    ...(nextcloud && { nextcloud }),
    ...ways,
    ...bounces,
    ...callers,
    ...(auditKeys && { auditKeys }),
    audit,
    ...(tracing && { tracing }),
    ...outward,
    protect
  })
}

const listOf = (text = '') => [...new Set(text.split(/[,\r\n]/).flatMap((word) => word.trim() || []))]

/** Whom Locksmith calls of its own accord, by what it keeps their secrets, and signs what it says. */
function readOutward(
  { WEBHOOK_ENCRYPTION_KEY = '', SSF_SIGNING_KEY = '', OUTBOUND_ALLOW }: Environment,
  faults: string[]
): Pick<Config, 'vaultKeys' | 'signingKeys' | 'outboundAllow'> {
  const vaultKeys = parseKeys(WEBHOOK_ENCRYPTION_KEY)
  if (!vaultKeys)
    faults.push(
      'WEBHOOK_ENCRYPTION_KEY must be keys of 32 bytes in base64, one a line: `openssl rand -base64 32`.'
    )
  const signingKeys = readSigningKeys(SSF_SIGNING_KEY)
  if (typeof signingKeys === 'string') faults.push(signingKeys)
  const outboundAllow = parseAllowList(listOf(OUTBOUND_ALLOW))
  if (!outboundAllow)
    faults.push(
      'OUTBOUND_ALLOW must be origins, hosts or networks, such as http://n8n.internal:5678,chat.internal,10.0.5.0/24.'
    )
  return {
    vaultKeys: vaultKeys ?? [],
    signingKeys: typeof signingKeys === 'string' ? [] : signingKeys,
    outboundAllow: outboundAllow ?? parseAllowList([])!
  }
}

/** A mail that comes back where nobody looks is no better than one that is lost: both, or none. */
function readBounces(
  { BOUNCE_ADDRESS: address, BOUNCE_IMAP_URL, SMTP_URL, NEXTCLOUD_URL }: Environment,
  faults: string[]
): Pick<Config, 'bounces'> {
  if (!address && !BOUNCE_IMAP_URL) return {}
  if (!address)
    faults.push('BOUNCE_ADDRESS is missing: BOUNCE_IMAP_URL needs the address whose mailbox it is.')
  // With `+` and the id of a mail the part before the @ has at most 64 characters (RFC 5321, 4.5.3.1.1).
  else if (!/^[\w.+-]{1,37}@[a-z\d-]+(\.[a-z\d-]+)*$/i.test(address))
    faults.push(
      'BOUNCE_ADDRESS must be a mail address such as bounces@example.org, with 37 characters at most before the @.'
    )
  const mailbox = BOUNCE_IMAP_URL === undefined ? undefined : parseMailbox(BOUNCE_IMAP_URL)
  if (BOUNCE_IMAP_URL === undefined)
    faults.push('BOUNCE_IMAP_URL is missing: BOUNCE_ADDRESS needs the mailbox in which mail to it is read.')
  else if (!mailbox)
    faults.push(
      'BOUNCE_IMAP_URL must be of the form imaps://user:password@host:993/INBOX, or imap:// with STARTTLS.'
    )
  if (!SMTP_URL && NEXTCLOUD_URL)
    faults.push('SMTP_URL is missing: only mail of our own comes back to BOUNCE_ADDRESS.')
  return address && mailbox ? { bounces: { address, mailbox } } : {}
}

/** Who calls, from where and how. */
function readCallers(
  { NEXTCLOUD_URL, OIDC_ISSUERS, SIGNAL_ISSUERS, TRUST_PROXY, CORS_ORIGINS, PUBLIC_URL }: Environment,
  faults: string[]
): Pick<Config, 'issuers' | 'signalIssuers' | 'proxies' | 'origins' | 'publicOrigin'> {
  const proxies = listOf(TRUST_PROXY)
  if (!proxies.every((proxy) => parseNetwork(proxy)))
    faults.push('TRUST_PROXY must be addresses or networks, such as 10.0.0.5,fd00::/8.')
  const origins = listOf(CORS_ORIGINS)
  if (!origins.every((origin) => originOf(origin) === origin))
    faults.push(
      'CORS_ORIGINS must be origins such as https://app.example.org, without a path or a slash at the end.'
    )
  const publicOrigin = PUBLIC_URL?.replace(/\/$/, '')
  if (publicOrigin !== undefined && originOf(publicOrigin) !== publicOrigin)
    faults.push('PUBLIC_URL must be of the form https://locksmith.example.org, without a path.')
  return {
    issuers: OIDC_ISSUERS === undefined ? [] : readIssuers(OIDC_ISSUERS, faults),
    signalIssuers:
      SIGNAL_ISSUERS === undefined
        ? []
        : readSignalIssuers(
            SIGNAL_ISSUERS,
            publicOrigin !== undefined || NEXTCLOUD_URL === undefined,
            faults
          ),
    proxies,
    origins,
    ...(publicOrigin !== undefined && { publicOrigin })
  }
}

/** @returns undefined for what is no http(s) URL */
function originOf(text: string): string | undefined {
  const url = URL.parse(text)
  return url && /^https?:$/.test(url.protocol) ? url.origin : undefined
}

function readNextcloud(given: Environment, faults: string[]): Config['nextcloud'] {
  const { NEXTCLOUD_URL, NEXTCLOUD_PUBLIC_URL, NEXTCLOUD_ADMIN_USER, NEXTCLOUD_ADMIN_PASSWORD } = given
  const members = { NEXTCLOUD_URL, NEXTCLOUD_ADMIN_USER, NEXTCLOUD_ADMIN_PASSWORD }
  const missing = Object.entries(members).filter(([, value]) => !value)
  if (missing.length === 3) {
    for (const name of ['NEXTCLOUD_PUBLIC_URL', 'NEXTCLOUD_MORE_ADMINS'] as const)
      if (given[name]) faults.push(`NEXTCLOUD_URL is missing: ${name} alone does nothing.`)
    return undefined
  }
  for (const [name] of missing)
    faults.push(`${name} is missing: a Nextcloud needs all of ${Object.keys(members).join(', ')}.`)
  const url = NEXTCLOUD_URL ? readUrl('NEXTCLOUD_URL', NEXTCLOUD_URL, faults) : undefined
  const publicUrl = NEXTCLOUD_PUBLIC_URL ? readUrl('NEXTCLOUD_PUBLIC_URL', NEXTCLOUD_PUBLIC_URL, faults) : url
  if (!url || !publicUrl || !NEXTCLOUD_ADMIN_USER || !NEXTCLOUD_ADMIN_PASSWORD) return undefined
  const first = { user: NEXTCLOUD_ADMIN_USER, password: NEXTCLOUD_ADMIN_PASSWORD }
  return { url, publicUrl, admins: [first, ...readMoreAdmins(given, first, faults)] }
}

/** What opens other ways to revoke than a log-in as the user. */
function readWays(
  given: Environment,
  faults: string[]
): Pick<Config, 'appApi' | 'occ' | 'nextcloudDatabase'> {
  const { APPAPI_ID, APPAPI_VERSION, APPAPI_SECRET, OCC_COMMAND, NEXTCLOUD_DATABASE_URL } = given
  if (!given.NEXTCLOUD_URL) {
    const alone = { APPAPI_ID, APPAPI_VERSION, APPAPI_SECRET, OCC_COMMAND, NEXTCLOUD_DATABASE_URL }
    for (const [name, value] of Object.entries(alone))
      if (value) faults.push(`NEXTCLOUD_URL is missing: ${name} alone does nothing.`)
  }
  const app = Object.entries({ APPAPI_ID, APPAPI_VERSION, APPAPI_SECRET })
  if (app.some(([, value]) => value)) {
    for (const [name, value] of app)
      if (!value)
        faults.push(`${name} is missing: AppAPI needs all of ${app.map(([each]) => each).join(', ')}.`)
  }
  if (NEXTCLOUD_DATABASE_URL && !/^(postgres(ql)?|mysql|mariadb):\/\//.test(NEXTCLOUD_DATABASE_URL))
    faults.push('NEXTCLOUD_DATABASE_URL must begin with postgres:// or mysql://.')
  const command = OCC_COMMAND === undefined ? undefined : readCommand(OCC_COMMAND, faults)
  return {
    ...(APPAPI_ID &&
      APPAPI_VERSION &&
      APPAPI_SECRET && { appApi: { id: APPAPI_ID, version: APPAPI_VERSION, secret: APPAPI_SECRET } }),
    ...(command && { occ: { command, timeoutMs: given.OCC_TIMEOUT_SECONDS * 1_000 } }),
    ...(NEXTCLOUD_DATABASE_URL && {
      nextcloudDatabase: { url: NEXTCLOUD_DATABASE_URL, prefix: given.NEXTCLOUD_TABLE_PREFIX }
    })
  }
}

/** Words without quotes; who needs a space within a word writes a JSON list. */
function readCommand(value: string, faults: string[]): string[] | undefined {
  if (!value.startsWith('[')) {
    if (!/["'\\`$]/.test(value)) return value.split(/\s+/)
    faults.push(
      'OCC_COMMAND is run without a shell, so quotes, backslashes and $ mean nothing there: write a JSON list, ["php", "/path with spaces/occ"].'
    )
    return undefined
  }
  try {
    const list: unknown = JSON.parse(value)
    if (
      Array.isArray(list) &&
      list.length > 0 &&
      list.every((word) => typeof word === 'string' && word !== '')
    )
      return list
  } catch {}
  faults.push('OCC_COMMAND must be words, or a JSON list of strings.')
  return undefined
}

/** `user:password`, one a line; user ids of Nextcloud have no colon. */
function readMoreAdmins({ NEXTCLOUD_MORE_ADMINS = '' }: Environment, first: Account, faults: string[]) {
  const admins = NEXTCLOUD_MORE_ADMINS.split(/\r?\n/).flatMap((line, at): Account[] => {
    if (line.trim() === '') return []
    const [, user, password] = /^([^:]+):(.+)$/.exec(line)?.map((part) => part.trim()) ?? []
    if (user && password) return [{ user, password }]
    faults.push(`NEXTCLOUD_MORE_ADMINS, line ${at + 1}, is not of the form user:password.`)
    return []
  })
  const names = [first, ...admins].map(({ user }) => user.toLowerCase())
  if (new Set(names).size < names.length) faults.push('NEXTCLOUD_MORE_ADMINS names an account twice.')
  return admins
}

/** An http(s) URL without credentials; a folder (`https://example.com/cloud`) is kept, its last slash dropped. */
function readUrl(name: string, value: string, faults: string[]): URL | undefined {
  const url = URL.parse(value)
  if (
    !url ||
    !['http:', 'https:'].includes(url.protocol) ||
    url.username ||
    url.password ||
    url.search ||
    url.hash
  ) {
    faults.push(`${name} must be an http(s) URL without credentials, query or fragment.`)
    return undefined
  }
  url.pathname = url.pathname.replace(/\/+$/, '')
  return url
}
